package dev.annals.lanes;

import static dev.annals.lanes.TillsEngines.LANES;
import static dev.annals.lanes.TillsEngines.LIMIT;
import static dev.annals.lanes.TillsEngines.PARTITIONS;
import static dev.annals.lanes.TillsEngines.awaitDeciding;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.deciding.StateCodec;
import dev.annals.engine.deciding.StateTopic;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.CloudEventHeaders;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.CommandSkip;
import dev.annals.lanes.Tills.PutIn;
import dev.annals.lanes.Tills.TakeOut;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lanes on a real broker: direct and polled commands, restarts, moves. */
@WithKafka
class LanesIT {

    private final KafkaCluster kafka;
    private final TillsEngines tills;
    private final Topics topics;
    private final Serializer<Object> serializer;

    @TempDir
    private Path folder;

    LanesIT(KafkaCluster kafka) {
        this.kafka = kafka;
        this.tills = new TillsEngines(kafka);
        this.topics = tills.topics();
        this.serializer = tills.serdes().newSerializer();
    }

    @BeforeEach
    void makeTopics() {
        tills.makeTopics();
    }

    @AfterEach
    void close() {
        tills.close();
        serializer.close();
    }

    private CommandEngine start(String member, String stores, int standbys) {
        return start(member, stores, standbys, tills.laneClients());
    }

    private CommandEngine start(String member, String stores, int standbys, LaneClients clients) {
        return tills.start(member, folder.resolve(stores), standbys, clients);
    }

    private Record<byte[], byte[]> command(String till, @Nullable String id, Tills.Command command) {
        GenericRecord avro = Tills.BINDING.commandToAvro(command);
        Headers headers = CloudEventHeaders.ofCommand(
                id == null ? "" : id, avro.getSchema().getFullName(), "/test", Instant.now());
        if (id == null) {
            headers.remove("ce_id");
        }
        byte[] value;
        synchronized (serializer) {
            value = serializer.serialize(topics.commands("tills"), headers, avro);
        }
        return new Record<>(till.getBytes(StandardCharsets.UTF_8), value, System.currentTimeMillis(), headers);
    }

    private CommandResult decide(CommandEngine engine, String till, @Nullable String id, Tills.Command command)
            throws Exception {
        return engine.decide("tills", command(till, id, command))
                .thenApply(CommandAnswer::result)
                .toCompletableFuture()
                .get(LIMIT.toSeconds(), SECONDS);
    }

    /** Brokers refuse events from the future, and what is asked by such a clock is asked now. */
    @Test
    void a_sender_whose_clock_is_ahead_is_answered_and_dates_no_event_into_the_future() throws Exception {
        CommandEngine engine = start("a", "a", 0);
        awaitDeciding(engine, 2);
        long asked = System.currentTimeMillis();
        long ahead = asked + HOURS.toMillis(2);

        for (int i = 0; i < 3; i++) {
            CommandResult put = engine.decide(
                            "tills", command("till-1", "c" + i, new PutIn(5)).withTimestamp(ahead))
                    .toCompletableFuture()
                    .get(LIMIT.toSeconds(), SECONDS)
                    .result();
            assertThat(put.version()).isEqualTo(i + 1);
        }

        assertThat(kafka.records(topics.events("tills")))
                .hasSize(3)
                .allSatisfy(event -> assertThat(event.timestamp()).isLessThan(ahead));
    }

    private void assertStreams(Map<String, Long> versions) {
        Map<String, Long> found = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> each : kafka.records(topics.events("tills"))) {
            EventKey key = EventKey.parse(each.key());
            assertThat(key.version())
                    .as("the next event of %s", key.aggregateId())
                    .isEqualTo(found.getOrDefault(key.aggregateId(), 0L) + 1);
            found.put(key.aggregateId(), key.version());
        }
        assertThat(found).isEqualTo(versions);
    }

    @Test
    void a_command_is_decided_against_all_before_and_its_result_and_events_are_on_the_topics() throws Exception {
        CommandEngine engine = start("a", "a", 0);
        awaitDeciding(engine, 2);

        CommandResult put = decide(engine, "till-1", "c1", new PutIn(5));
        CommandResult taken = decide(engine, "till-1", "c2", new TakeOut(3));
        CommandResult refused = decide(engine, "till-1", "c3", new TakeOut(3));
        CommandResult again = decide(engine, "till-1", "c1", new PutIn(5));
        CommandResult reused = decide(engine, "till-1", "c1", new PutIn(6));
        CommandResult failed = decide(engine, "till-1", "c4", new PutIn(-1));

        assertThat(put.version()).isEqualTo(1);
        assertThat(taken.version()).isEqualTo(2);
        assertThat(refused.code()).isEqualTo("too-little");
        assertThat(again).isEqualTo(put.asReplay());
        assertThat(reused.code()).isEqualTo(CommandResult.IDEMPOTENCY_KEY_REUSED);
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertStreams(Map.of("till-1", 2L));
        assertThat(kafka.records(topics.results("tills"))).hasSize(6);
        assertThat(kafka.records(topics.deadLetters("tills"))).hasSize(1);
    }

    @Test
    void what_was_polled_is_decided_once_each_also_from_a_wrong_partition() throws Exception {
        CommandEngine engine = start("a", "a", 0);
        try (Producer<byte[], byte[]> producer = producer()) {
            for (int i = 0; i < 500; i++) {
                Record<byte[], byte[]> command = command("till-" + i % 7, null, new PutIn(1));
                Integer partition = i % 5 == 0 ? i % PARTITIONS : null;
                var unused = producer.send(new ProducerRecord<>(
                        topics.commands("tills"), partition, null, command.key(), command.value(), command.headers()));
            }
            producer.flush();
        }
        awaitDeciding(engine, 2);

        await().atMost(LIMIT).until(() -> kafka.records(topics.results("tills")).size() >= 500);
        Map<String, Long> versions = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            versions.merge("till-" + i % 7, 1L, Long::sum);
        }
        assertStreams(versions);
        assertThat(kafka.records(topics.results("tills"))).hasSize(500);
    }

    /** A producer sends compressed what nobody could send as it is: no name of a header is written out each time. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_command_that_is_too_large_to_be_copied_becomes_a_dead_letter_and_the_next_is_decided(int misrouted)
            throws Exception {
        CommandEngine engine = start("a", "a", 0);
        awaitDeciding(engine, 2);
        byte[] key = "till-1".getBytes(StandardCharsets.UTF_8);
        int own = AggregateIds.partition(key, PARTITIONS);
        Headers headers = new RecordHeaders();
        for (int i = 0; i < 400_000; i++) {
            headers.add("k", new byte[0]);
        }
        Map<String, Object> compressed = Map.of("compression.type", "gzip", "max.request.size", 16 << 20);
        try (Producer<byte[], byte[]> producer = tills.clients().producer(compressed)) {
            var poison = producer.send(new ProducerRecord<>(
                            topics.commands("tills"), (own + misrouted) % PARTITIONS, null, key, new byte[3], headers))
                    .get();
            var next = sendCommand(producer, command("till-1", "c1", new PutIn(5)));
            assertThat(poison.offset()).isZero();
            assertThat(next.partition()).isEqualTo(own);
        }

        kafka.awaitRecords(topics.results("tills"), 1, LIMIT);
        ConsumerRecord<byte[], byte[]> letter =
                kafka.awaitRecords(topics.deadLetters("tills"), 1, LIMIT).getFirst();
        assertThat(HeaderName.DEAD_LETTER_LEFT_OUT.in(letter.headers())).isNotNull();
        assertThat(HeaderName.DEAD_LETTER_OFFSET.in(letter.headers())).isEqualTo("0");
    }

    /** One that Kafka's producer counts wrongly takes along what stands behind it in its batch, and nothing else. */
    @Test
    void what_cannot_be_read_becomes_a_dead_letter_and_all_else_is_decided() throws Exception {
        String elsewhere = tillOfAnotherLane(AggregateIds.partition("till-1", PARTITIONS));
        Record<byte[], byte[]> broken = command("till-1", "broken", new PutIn(100));
        broken.headers().add("x-\uD83D", new byte[2]);
        Map<String, Object> whole =
                Map.of("compression.type", "gzip", "linger.ms", 20_000, "delivery.timeout.ms", 60_000);
        try (Producer<byte[], byte[]> producer = tills.clients().producer(whole)) {
            sendBatch(producer, command("till-1", "c1", new PutIn(1)), broken, command("till-1", "lost", new PutIn(1)));
            sendBatch(producer, command("till-1", "c2", new PutIn(1)), command(elsewhere, "e1", new PutIn(1)));
            sendBatch(producer, broken, broken, broken);
            sendBatch(producer, broken);
            CommandEngine engine = start("a", "a", 0);

            kafka.awaitRecords(topics.deadLetters("tills"), 2, LIMIT);
            awaitDeciding(engine, 2);
            assertThat(decide(engine, "till-1", "c3", new PutIn(1)).version()).isEqualTo(3);
            sendBatch(producer, broken, broken);
            sendBatch(producer, command("till-1", "c4", new PutIn(1)));
            kafka.awaitRecords(topics.results("tills"), 5, LIMIT);
            engine.close();
            sendBatch(producer, command("till-1", "c5", new PutIn(1)));
        }
        CommandEngine again = start("a", "a", 0);
        kafka.awaitRecords(topics.results("tills"), 6, LIMIT);

        assertThat(decide(again, "till-1", "c6", new PutIn(1)).version()).isEqualTo(6);
        assertStreams(Map.of("till-1", 6L, elsewhere, 1L));
        assertThat(kafka.records(topics.deadLetters("tills")))
                .allSatisfy(letter -> {
                    assertThat(letter.key()).isNull();
                    assertThat(letter.value()).isNull();
                    assertThat(HeaderName.DEAD_LETTER_REASON.in(letter.headers()))
                            .isEqualTo("invalid-record");
                })
                .extracting(letter -> "%s to %s"
                        .formatted(
                                HeaderName.DEAD_LETTER_OFFSET.in(letter.headers()),
                                HeaderName.DEAD_LETTER_LAST_OFFSET.in(letter.headers())))
                .containsExactly("1 to 2", "4 to 7", "8 to 9");
        assertThat(kafka.records(topics.deadLetters("tills")))
                .extracting(letter -> HeaderName.DEAD_LETTER_MESSAGE.in(letter.headers()))
                .first(InstanceOfAssertFactories.STRING)
                .contains("offsets 1 to 2", "Invalid record size");
    }

    @SafeVarargs
    private void sendBatch(Producer<byte[], byte[]> producer, Record<byte[], byte[]>... commands) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Record<byte[], byte[]> each : commands) {
            sent.add(producer.send(new ProducerRecord<>(
                    topics.commands("tills"), null, null, each.key(), each.value(), each.headers())));
        }
        producer.flush();
        for (Future<RecordMetadata> each : sent) {
            var unused = each.get();
        }
    }

    private RecordMetadata sendCommand(Producer<byte[], byte[]> producer, Record<byte[], byte[]> command)
            throws Exception {
        return producer.send(new ProducerRecord<>(
                        topics.commands("tills"), null, null, command.key(), command.value(), command.headers()))
                .get();
    }

    /** Of the partition of a record, with all that stands there. */
    private long end(RecordMetadata in) throws Exception {
        TopicPartition partition = new TopicPartition(in.topic(), in.partition());
        return kafka.admin()
                .listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private RecordPlace passOver(RecordMetadata command) throws Exception {
        RecordPlace place = new RecordPlace(command.topic(), command.partition(), command.offset());
        CommandSkip skip = new CommandSkip(place, "ann", "ticket 4711", Instant.parse("2026-12-02T10:00:00Z"));
        try (Producer<byte[], byte[]> producer = producer()) {
            var unused = producer.send(skip.toRecord(topics)).get();
        }
        return place;
    }

    private void assertPassedOver(RecordPlace place) {
        ConsumerRecord<byte[], byte[]> letter =
                kafka.awaitRecords(topics.deadLetters("tills"), 1, LIMIT).getFirst();
        assertThat(letter.value()).isNull();
        assertThat(letter.key()).isNull();
        assertThat(HeaderName.DEAD_LETTER_REASON.in(letter.headers())).isEqualTo("skipped");
        assertThat(HeaderName.DEAD_LETTER_MESSAGE.in(letter.headers())).isEqualTo("ticket 4711");
        assertThat(HeaderName.DEAD_LETTER_TOPIC.in(letter.headers())).isEqualTo(place.topic());
        assertThat(HeaderName.DEAD_LETTER_PARTITION.in(letter.headers())).isEqualTo("" + place.partition());
        assertThat(HeaderName.DEAD_LETTER_OFFSET.in(letter.headers())).isEqualTo("" + place.offset());
        assertThat(HeaderName.AUTH_ID.in(letter.headers())).isEqualTo("ann");
        assertThat(HeaderName.AUTH_TYPE.in(letter.headers())).isEqualTo("unknown");
        assertThat(HeaderName.TIME.in(letter.headers())).isEqualTo("2026-12-02T10:00:00Z");
    }

    /** Right before it is a marker, which has an offset too, and no record; the commands around it are decided. */
    @Test
    void a_command_that_is_passed_over_is_not_even_polled_and_leaves_a_dead_letter() throws Exception {
        RecordPlace passed;
        try (Producer<byte[], byte[]> producer = producer();
                Producer<byte[], byte[]> transactional =
                        tills.clients().producer(Map.of("transactional.id", kafka.uniqueName("sender")))) {
            var first = sendCommand(producer, command("till-1", "c1", new PutIn(5)));
            transactional.initTransactions();
            transactional.beginTransaction();
            var second = sendCommand(transactional, command("till-1", "c2", new PutIn(5)));
            transactional.commitTransaction();
            await().atMost(LIMIT).until(() -> end(second) == 3); // its marker is written
            passed = passOver(sendCommand(producer, command("till-1", "c3", new PutIn(100))));
            var last = sendCommand(producer, command("till-1", "c4", new PutIn(5)));
            assertThat(List.of(first.offset(), second.offset(), passed.offset(), last.offset()))
                    .containsExactly(0L, 1L, 3L, 4L);
        }

        CommandEngine engine = start("a", "a", 0);
        kafka.awaitRecords(topics.results("tills"), 3, LIMIT);

        assertPassedOver(passed);
        assertThat(PolledPlaces.contains(passed)).isFalse();
        awaitDeciding(engine, 2);
        assertThat(decide(engine, "till-1", "c5", new TakeOut(15)).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertStreams(Map.of("till-1", 4L));
        try (Producer<byte[], byte[]> producer = producer()) {
            var unused = sendCommand(producer, command("till-1", "c6", new PutIn(5)));
        }
        kafka.awaitRecords(topics.results("tills"), 5, LIMIT);
        assertThat(kafka.records(topics.deadLetters("tills"))).hasSize(1);
    }

    @Test
    void a_command_that_a_lane_fails_at_is_passed_over_when_somebody_says_so() throws Exception {
        CommandEngine engine = start("a", "a", 0);
        awaitDeciding(engine, 2);
        RecordMetadata broken;
        try (Producer<byte[], byte[]> producer = producer()) {
            broken = sendCommand(producer, command("till-1", "c1", new PutIn(Tills.BREAKS_THE_JVM)));
            var next = sendCommand(producer, command("till-1", "c2", new PutIn(5)));
            assertThat(next.partition()).isEqualTo(broken.partition());
        }
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(engine.reasonsAgainst().toString()).contains("not of the domain"));

        assertPassedOver(passOver(broken));
        kafka.awaitRecords(topics.results("tills"), 1, LIMIT);
        assertStreams(Map.of("till-1", 1L));
    }

    /** A member that was away too long loses its lanes and gets them back, and polls what is not decided again. */
    @Tag("heavy")
    @Test
    void a_member_that_is_put_out_and_comes_back_decides_nothing_twice_and_leaves_nothing_out() throws Exception {
        CommandEngine engine = start("a", "a", 0);
        awaitDeciding(engine, 2);
        String group = topics.commandGroup("tills");
        int count = 6_000;
        try (Producer<byte[], byte[]> producer = producer()) {
            for (int i = 0; i < count; i++) {
                Record<byte[], byte[]> command = command("till-" + i % 7, null, new PutIn(1));
                var unused = producer.send(new ProducerRecord<>(
                        topics.commands("tills"), null, command.key(), command.value(), command.headers()));
                if (i % 1_000 == 500) {
                    producer.flush();
                    await("it is a member, and put out")
                            .atMost(LIMIT)
                            .ignoreExceptions()
                            .until(() -> isPutOut(group));
                }
            }
        }

        await().atMost(LIMIT).until(() -> kafka.records(topics.results("tills")).size() >= count);
        Map<String, Long> versions = new HashMap<>();
        for (int i = 0; i < count; i++) {
            versions.merge("till-" + i % 7, 1L, Long::sum);
        }
        assertStreams(versions);
        assertThat(kafka.records(topics.results("tills"))).hasSize(count);
    }

    /** As where the answer to its joining never comes: it does not know that another owns its lanes by now. */
    @Tag("heavy")
    @Test
    void an_owner_that_is_no_member_any_more_does_not_fence_the_one_that_is() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        AtomicBoolean away = new AtomicBoolean();
        CommandEngine left = tills.make("a", folder.resolve("a"), 0, tills.laneClients(), Tills.BINDING, () -> {
            if (away.get()) { // by the thread that polls
                hangs.countDown();
                awaitQuietly(goesOn);
            }
            return "a:8080";
        });
        left.start();
        awaitDeciding(left, LANES);
        away.set(true);
        assertThat(hangs.await(LIMIT.toSeconds(), SECONDS)).isTrue();
        await().atMost(LIMIT).ignoreExceptions().until(() -> isPutOut(topics.commandGroup("tills")));
        CommandEngine owner = start("b", "b", 0);
        awaitDeciding(owner, LANES);

        for (int i = 0; i < 30; i++) {
            var unused = left.decide("tills", command("till-" + i, "left" + i, new PutIn(1)));
            decide(owner, "till-" + i, "owner" + i, new PutIn(1));
            Thread.sleep(100);
        }

        assertThat(owner.counts("tills").failures()).isZero();
        assertThat(left.deciding("tills")).isZero();
        away.set(false);
        goesOn.countDown();
        awaitDeciding(left, 1);
    }

    @Test
    void an_owner_without_room_for_its_store_leaves_its_lanes_to_others_until_there_is() throws Exception {
        tills.fillDiskOf("a");
        CommandEngine full = start("a", "a", 1);
        await().atMost(LIMIT)
                .until(() -> full.reasonsAgainst().stream().anyMatch(each -> each.contains("No space left")));
        CommandEngine other = start("b", "b", 1);
        awaitDeciding(other, LANES);
        assertThat(decide(other, "till-1", "c1", new PutIn(1)).version()).isEqualTo(1);

        tills.fillDiskOf("");

        awaitDeciding(full, 1);
        awaitDeciding(other, 1);
    }

    /** Kafka's clients, whose clock nobody sets here, would send no heartbeat for an hour. */
    @Test
    void a_member_whose_clock_is_set_back_joins_anew() throws Exception {
        CommandEngine engine = start("a", "a", 0);
        awaitDeciding(engine, LANES);
        String before = memberId();

        tills.setClockAhead(Duration.ofHours(-1));

        await().atMost(LIMIT).ignoreExceptions().until(() -> !memberId().equals(before));
        awaitDeciding(engine, LANES);
        assertThat(decide(engine, "till-1", "c1", new PutIn(1)).version()).isEqualTo(1);
    }

    private String memberId() throws Exception {
        String group = topics.commandGroup("tills");
        return kafka.admin()
                .describeConsumerGroups(List.of(group))
                .describedGroups()
                .get(group)
                .get(LIMIT.toSeconds(), SECONDS)
                .members()
                .iterator()
                .next()
                .consumerId();
    }

    private boolean isPutOut(String group) throws Exception {
        RemoveMembersFromConsumerGroupOptions member =
                new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("a")));
        kafka.admin().removeMembersFromConsumerGroup(group, member).all().get(LIMIT.toSeconds(), SECONDS);
        return true;
    }

    private Producer<byte[], byte[]> producer() {
        return tills.clients().producer(Map.of());
    }

    private static String tillOfAnotherLane(int partition) {
        return Stream.iterate(2, i -> i + 1)
                .map(i -> "till-" + i)
                .filter(till -> AggregateIds.partition(till, PARTITIONS) % LANES != partition % LANES)
                .findFirst()
                .orElseThrow();
    }

    /** Real clients, of which some commits fail: after they were done, or before. */
    private LaneClients forgetful(boolean done, AtomicInteger failures) {
        return with(id -> (call, committing) -> {
            boolean fails = committing && failures.getAndDecrement() > 0;
            Object result = fails && !done ? null : call.call();
            if (fails) {
                throw new TimeoutException("the answer to a commit is lost");
            }
            return result;
        });
    }

    /** What becomes of a call of a producer. */
    private interface Fault {
        @Nullable
        Object on(Call call, boolean committing) throws Throwable;
    }

    private interface Call {
        @Nullable
        Object call() throws Throwable;
    }

    /** Real clients, but for what is done to their producers, by their transactional ids. */
    private LaneClients with(Function<String, Fault> faults) {
        LaneClients real = tills.laneClients();
        return new LaneClients() {
            @Override
            public Producer<byte[], byte[]> producer(String transactionalId) {
                Producer<byte[], byte[]> producer = real.producer(transactionalId);
                Fault fault = faults.apply(transactionalId);
                return proxy((ignored, method, arguments) -> fault.on(
                        () -> invoke(method, producer, arguments),
                        method.getName().equals("commitTransaction")));
            }

            @Override
            public Consumer<byte[], byte[]> tail() {
                return real.tail();
            }
        };
    }

    private static @Nullable Object invoke(Method method, Object target, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @SuppressWarnings("unchecked") // of the same type as what it stands for
    private static Producer<byte[], byte[]> proxy(InvocationHandler handler) {
        return (Producer<byte[], byte[]>)
                Proxy.newProxyInstance(Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, handler);
    }

    @Tag("heavy")
    @Test
    void what_keeps_a_lane_from_being_owned_is_no_trouble_once_somebody_else_owns_it() throws Exception {
        CommandEngine hindered = start("a", "a", 0, with(id -> (call, committing) -> {
            throw new KafkaException("fenced");
        }));
        await().atMost(LIMIT)
                .until(() -> hindered.reasonsAgainst().stream()
                                .filter(reason -> reason.contains("fenced"))
                                .count()
                        == LANES);

        CommandEngine other = start("b", "b", 0);
        awaitDeciding(other, 1); // the other lane stays with who has it

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(hindered.reasonsAgainst())
                        .filteredOn(reason -> reason.contains("fenced"))
                        .hasSize(1));
    }

    @ParameterizedTest(name = "committed: {0}")
    @ValueSource(booleans = {true, false})
    void what_became_of_a_commit_that_failed_the_log_says(boolean committed) throws Exception {
        AtomicInteger failures = new AtomicInteger();
        CommandEngine engine = start("a", "a", 0, forgetful(committed, failures));
        awaitDeciding(engine, 2);
        assertThat(decide(engine, "till-0", "first", new PutIn(1)).version()).isEqualTo(1);

        failures.set(3);
        List<CompletableFuture<CommandResult>> direct = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = producer()) {
            for (int i = 0; i < 60; i++) {
                if (i % 12 == 0) {
                    int sent = i; // so that there are at least as many transactions as commits that are to fail
                    await().atMost(LIMIT)
                            .until(() -> kafka.records(topics.results("tills")).size() > sent);
                }
                Record<byte[], byte[]> polled = command("polled-" + i % 5, null, new PutIn(1));
                var unused = producer.send(new ProducerRecord<>(
                        topics.commands("tills"), null, polled.key(), polled.value(), polled.headers()));
                if (engine.deciding("tills") == 2) {
                    direct.add(engine.decide("tills", command("till-" + i % 4, "c" + i, new PutIn(1)))
                            .thenApply(CommandAnswer::result)
                            .toCompletableFuture());
                }
            }
        }
        Map<String, Long> versions = new HashMap<>(Map.of("till-0", 1L));
        int decided = 0;
        for (CompletableFuture<CommandResult> each : direct) {
            CommandResult result = unlessRefused(each);
            if (result == null) {
                continue;
            }
            decided++;
            assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(result.replayed()).isFalse();
            versions.merge(result.aggregateId(), 1L, Long::sum);
        }
        int all = 61 + decided;
        for (int i = 0; i < 5; i++) {
            versions.put("polled-" + i, 12L);
        }
        await().atMost(LIMIT).until(() -> kafka.records(topics.results("tills")).size() >= all);
        assertThat(kafka.records(topics.results("tills"))).hasSize(all);
        assertThat(failures).hasNonPositiveValue();
        assertStreams(versions);
    }

    /** Null where the lane was not deciding when it was asked, so that it never was. */
    private static @Nullable CommandResult unlessRefused(CompletableFuture<CommandResult> sent) throws Exception {
        try {
            return sent.get(LIMIT.toSeconds(), SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            LaneMovedException.class,
                            moved -> assertThat(moved.maybeDecided()).isFalse());
            return null;
        }
    }

    @Test
    void a_store_begun_anew_takes_the_published_states_and_needs_no_event_from_before() throws Exception {
        try (CommandEngine engine = start("a", "a", 0)) {
            awaitDeciding(engine, 2);
            for (int i = 0; i < 20; i++) {
                decide(engine, "till-" + i % 10, "c" + i, new PutIn(5));
            }
            awaitPublished(Map.of("till-0", 2L, "till-9", 2L));
        }
        forgetEvents();

        CommandEngine other = start("b", "b", 0);
        awaitDeciding(other, 2);
        assertThat(decide(other, "till-3", "next", new TakeOut(10)).version()).isEqualTo(3);
        assertThat(decide(other, "till-3", "too-much", new TakeOut(1)).code()).isEqualTo("too-little");
        assertThat(decide(other, "till-4", "c4", new PutIn(5)).replayed()).isTrue();
    }

    @ParameterizedTest(name = "with its store: {0}")
    @ValueSource(booleans = {true, false})
    void another_version_of_the_decider_folds_anew_and_no_version_is_given_twice(boolean withStore) throws Exception {
        try (CommandEngine engine = start("a", "a", 0)) {
            awaitDeciding(engine, 2);
            decide(engine, "till-1", "c1", new PutIn(5));
            decide(engine, "till-1", "c2", new PutIn(5));
            awaitPublished(Map.of("till-1", 2L));
        }
        forgetEvents(); // as where all were erased
        CommandEngine other =
                tills.make("a", folder.resolve(withStore ? "a" : "b"), 0, tills.laneClients(), Tills.ofVersion(2));
        other.start();
        awaitDeciding(other, 2);

        CommandResult next = decide(other, "till-1", "c3", new PutIn(1));
        assertThat(next.version()).isEqualTo(3);
        assertThat(decide(other, "till-1", "c4", new TakeOut(2)).code()).isEqualTo("too-little");
    }

    /** Until states of these versions are published, and positions behind them. */
    private void awaitPublished(Map<String, Long> versions) {
        await().atMost(LIMIT).untilAsserted(() -> {
            Map<String, Long> published = new HashMap<>();
            Map<Integer, StateTopic.Reader> readers = new HashMap<>();
            Map<Integer, Long> next = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> each : kafka.records(topics.states("tills"))) {
                switch (readers.computeIfAbsent(each.partition(), unused -> new StateTopic.Reader())
                        .take(each.key(), each.value())) {
                    case StateTopic.Reader.State(String id, byte[] state) -> published.put(id, StateCodec.known(state));
                    case StateTopic.Reader.Position(long position) -> next.put(each.partition(), position);
                    case null -> throw new AssertionError("a state in pieces");
                }
            }
            assertThat(published).containsAllEntriesOf(versions);
            for (ConsumerRecord<byte[], byte[]> each : kafka.records(topics.events("tills"))) {
                assertThat(next.getOrDefault(each.partition(), 0L)).isGreaterThan(each.offset());
            }
        });
    }

    private void forgetEvents() throws Exception {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            all.put(new TopicPartition(topics.events("tills"), partition), RecordsToDelete.beforeOffset(-1));
        }
        kafka.admin().deleteRecords(all).all().get(LIMIT.toSeconds(), SECONDS);
        assertThat(kafka.records(topics.events("tills"))).isEmpty();
    }

    /** As an unclean election would leave it: the new topic takes records from offset 0 on, and says nothing. */
    @Test
    void nothing_is_committed_to_a_log_that_has_lost_its_end_under_its_owner() throws Exception {
        CommandEngine engine = start("a", "a", 0);
        awaitDeciding(engine, 2);
        for (int i = 0; i < 5; i++) {
            decide(engine, "till-1", "c" + i, new PutIn(5));
        }
        String events = topics.events("tills");
        kafka.admin().deleteTopics(List.of(events)).all().get(LIMIT.toSeconds(), SECONDS);
        await().atMost(LIMIT).ignoreExceptions().until(() -> {
            kafka.createTopic(events, PARTITIONS, Map.of());
            return true;
        });

        CompletionStage<CommandAnswer> next = engine.decide("tills", command("till-1", "next", new PutIn(5)));

        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(engine.reasonsAgainst()).anyMatch(each -> each.contains("has lost its end")));
        assertThat(next.toCompletableFuture()).isNotDone();
        assertThat(kafka.records(events)).isEmpty();
    }

    @Test
    void an_owner_that_was_fenced_and_is_a_member_still_goes_on_behind_what_the_other_one_wrote() throws Exception {
        CommandEngine engine = start("a", "a", 0);
        awaitDeciding(engine, 2);
        assertThat(decide(engine, "till-1", "c1", new PutIn(1)).version()).isEqualTo(1);

        LaneLayout layout = new LaneLayout("tills", PARTITIONS, 2);
        for (int lane = 0; lane < 2; lane++) {
            try (Producer<byte[], byte[]> other = tills.laneClients().producer(layout.transactionalId(topics, lane))) {
                other.initTransactions();
            }
        }

        assertThat(decide(engine, "till-1", "c2", new PutIn(1)).version()).isEqualTo(2);
        assertThat(decide(engine, "till-1", "c1", new PutIn(1)).replayed()).isTrue();
        assertStreams(Map.of("till-1", 2L));
    }

    @Test
    void a_result_is_found_by_its_id_and_a_command_tried_out_changes_nothing() throws Exception {
        CommandEngine engine = start("a", "a", 0);
        awaitDeciding(engine, 2);
        CommandResult one = decide(engine, "till-1", "same", new PutIn(1));
        CommandResult other = decide(engine, "till-2", "same", new PutIn(2));

        CommandAnswer tried = engine.tryOut("tills", command("till-1", "c3", new PutIn(1)))
                .toCompletableFuture()
                .get(LIMIT.toSeconds(), SECONDS);

        assertThat(tried.result().version()).isEqualTo(2);
        assertThat(tried.events()).hasSize(1);
        assertThat(found(engine, "same")).containsExactlyInAnyOrder(one, other);
        assertThat(found(engine, "c3")).isEmpty();
        assertStreams(Map.of("till-1", 1L, "till-2", 1L));
    }

    @Test
    void what_depends_on_an_answer_does_not_hold_up_its_lane() throws Exception {
        CommandEngine engine = start("a", "a", 0);
        awaitDeciding(engine, 2);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Void> slow = engine.decide("tills", command("till-1", "first", new PutIn(1)))
                .thenAccept(answer -> {
                    begun.countDown();
                    awaitQuietly(goOn);
                })
                .toCompletableFuture();

        awaitQuietly(begun);
        assertThat(decide(engine, "till-1", "second", new PutIn(2)).version()).isEqualTo(2);
        assertThat(slow).isNotDone();
        goOn.countDown();
        slow.get(LIMIT.toSeconds(), SECONDS);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(LIMIT.toSeconds(), SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<CommandResult> found(CommandEngine engine, String id) throws Exception {
        return engine.find(id, null).toCompletableFuture().get(LIMIT.toSeconds(), SECONDS).results().stream()
                .map(KeptResults.Kept::result)
                .toList();
    }

    @Test
    void a_lane_that_waits_for_the_brokers_keeps_nobody_from_what_others_know() throws Exception {
        LaneLayout layout = new LaneLayout("tills", PARTITIONS, LANES);
        int known = AggregateIds.partition("till-1", PARTITIONS);
        String elsewhere = tillOfAnotherLane(known);
        String hanging = layout.transactionalId(topics, layout.laneOf(AggregateIds.partition(elsewhere, PARTITIONS)));
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        AtomicBoolean hang = new AtomicBoolean();
        CommandEngine engine = start("a", "a", 0, with(id -> (call, committing) -> {
            if (committing && hang.get() && id.equals(hanging)) {
                hangs.countDown();
                goesOn.await();
            }
            return call.call();
        }));
        awaitDeciding(engine, 2);
        CommandResult result = decide(engine, "till-1", "same", new PutIn(1));

        hang.set(true);
        CompletableFuture<CommandAnswer> stuck =
                engine.decide("tills", command(elsewhere, "c2", new PutIn(1))).toCompletableFuture();
        hangs.await();
        KeptResults found = engine.find("same", null).toCompletableFuture().get(LIMIT.toSeconds(), SECONDS);
        goesOn.countDown();

        assertThat(found.results()).extracting(KeptResults.Kept::result).containsExactly(result);
        assertThat(found.searched()).isEqualTo(Map.of("tills", Set.copyOf(layout.partitionsOf(layout.laneOf(known)))));
        assertThat(stuck.get(LIMIT.toSeconds(), SECONDS).result().version()).isEqualTo(1);
    }

    @Tag("heavy")
    @Test
    void states_and_ids_are_there_after_a_restart_with_the_store_and_without() throws Exception {
        Map<String, CommandResult> first = new HashMap<>();
        try (CommandEngine engine = start("a", "a", 0)) {
            awaitDeciding(engine, 2);
            for (int i = 0; i < 40; i++) {
                first.put("c" + i, decide(engine, "till-" + i % 8, "c" + i, new PutIn(1)));
            }
        }
        for (String stores : List.of("a", "empty")) {
            try (CommandEngine engine = start("a", stores, 0)) {
                awaitDeciding(engine, 2);
                for (int i = 0; i < 40; i++) {
                    String id = "c" + i;
                    assertThat(decide(engine, "till-" + i % 8, id, new PutIn(1)))
                            .as("%s with %s", id, stores)
                            .isEqualTo(first.get(id).asReplay());
                }
            }
        }
        Map<String, Long> versions = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            versions.put("till-" + i, 5L);
        }
        assertStreams(versions);
    }

    /** As after a restore: what was decided is not decided again, although nobody has its result. */
    @Test
    void ids_of_commands_are_known_where_nothing_but_events_was_restored() throws Exception {
        CommandResult first;
        try (CommandEngine engine = start("a", "a", 0)) {
            awaitDeciding(engine, 2);
            first = decide(engine, "till-1", "c1", new PutIn(5));
        }
        try (TillsEngines restored = new TillsEngines(kafka);
                Producer<byte[], byte[]> producer = producer()) {
            restored.makeTopics();
            for (ConsumerRecord<byte[], byte[]> each : kafka.records(topics.events("tills"))) {
                var unused = producer.send(new ProducerRecord<>(
                        restored.topics().events("tills"),
                        each.partition(),
                        each.timestamp(),
                        each.key(),
                        each.value(),
                        each.headers()));
            }
            producer.flush();
            CommandEngine engine = restored.start("b", folder.resolve("b"), 0, restored.laneClients());
            awaitDeciding(engine, 2);

            CommandResult again = decide(engine, "till-1", "c1", new PutIn(5));
            assertThat(again.replayed()).isTrue();
            assertThat(again.version()).isEqualTo(1);
            assertThat(again.events()).isEqualTo(first.events());
            assertThat(decide(engine, "till-1", "c2", new PutIn(1)).version()).isEqualTo(2);
        }
    }

    /** A release before may have decided in transactions of its own, which no lane fences, and still commit them. */
    @Test
    void a_transaction_that_somebody_else_has_open_is_waited_for() throws Exception {
        int partition = AggregateIds.partition("till-1", PARTITIONS);
        String elsewhere = tillOfAnotherLane(partition);
        try (Producer<byte[], byte[]> other =
                tills.clients().producer(Map.of("transactional.id", topics.prefix() + "other"))) {
            other.initTransactions();
            other.beginTransaction();
            var unused = other.send(new ProducerRecord<>(
                            topics.events("tills"),
                            partition,
                            new EventKey("till-1", 1).toBytes(),
                            serializer.serialize(topics.events("tills"), Tills.BINDING.toAvro(new Tills.WasPutIn(7)))))
                    .get(LIMIT.toSeconds(), SECONDS);
            CommandEngine engine = start("a", "a", 0);
            awaitDeciding(engine, 1);
            for (int i = 1; i <= 50; i++) {
                assertThat(decide(engine, elsewhere, "e" + i, new PutIn(1)).version())
                        .isEqualTo(i);
            }
            assertThat(engine.deciding("tills")).isEqualTo(1);

            other.commitTransaction();

            awaitDeciding(engine, 2);
            assertThat(decide(engine, "till-1", "c1", new TakeOut(7)).version()).isEqualTo(2);
            assertStreams(Map.of("till-1", 2L, elsewhere, 50L));
        }
    }

    @Tag("heavy")
    @Test
    void lanes_move_to_a_second_instance_and_back_while_commands_come() throws Exception {
        CommandEngine one = start("a", "a", 1);
        awaitDeciding(one, 2);
        Load load = new Load(List.of(one));
        load.start();
        load.awaitMore(100);
        CommandEngine two = start("b", "b", 1);
        load.engines = List.of(one, two);
        awaitDeciding(two, 1);
        awaitDeciding(one, 1);
        load.awaitMore(200);
        two.close();
        awaitDeciding(one, 2);
        load.awaitMore(100);
        Map<String, Long> accepted = load.stop();

        assertStreams(accepted);
    }

    /** Puts into tills, each under an id that is sent again until it has a result. */
    private final class Load {

        private static final int CLIENTS = 8;

        private final Map<String, Long> accepted = new HashMap<>();
        private final List<Thread> clients = new ArrayList<>();
        volatile List<CommandEngine> engines;
        private volatile boolean stopped;
        private volatile @Nullable Throwable failure;

        Load(List<CommandEngine> engines) {
            this.engines = engines;
        }

        void start() {
            for (int client = 0; client < CLIENTS; client++) {
                String till = "till-" + client;
                clients.add(Thread.ofVirtual().start(() -> run(till)));
            }
        }

        private void run(String till) {
            try {
                for (long next = 1; !stopped; next++) {
                    CommandResult result = send(till, till + "-" + next);
                    assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(result.version()).isEqualTo(next);
                    synchronized (accepted) {
                        accepted.put(till, next);
                    }
                }
            } catch (Exception | AssertionError e) {
                failure = e;
            }
        }

        private CommandResult send(String till, String id) throws Exception {
            Instant end = Instant.now().plus(LIMIT);
            for (int attempt = 0; ; attempt++) {
                List<CommandEngine> all = engines;
                CompletableFuture<CommandResult> sent = all.get(attempt % all.size())
                        .decide("tills", command(till, id, new PutIn(1)))
                        .thenApply(CommandAnswer::result)
                        .toCompletableFuture();
                try {
                    return sent.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(LaneMovedException.class);
                    assertThat(Instant.now()).as("nobody decides for " + till).isBefore(end);
                    Thread.sleep(10);
                }
            }
        }

        private long total() {
            synchronized (accepted) {
                return accepted.values().stream().mapToLong(each -> each).sum();
            }
        }

        void awaitMore(int more) {
            long before = total();
            await().atMost(LIMIT).until(() -> failure != null || total() >= before + more);
            assertThat(failure).isNull();
        }

        Map<String, Long> stop() throws InterruptedException {
            stopped = true;
            for (Thread each : clients) {
                each.join(LIMIT);
            }
            assertThat(failure).isNull();
            return accepted;
        }
    }
}
