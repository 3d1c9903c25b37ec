package dev.annals.lanes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.annals.api.MissingEvents;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.SingleObjectCodec;
import dev.annals.engine.deciding.ActorTrust;
import dev.annals.engine.deciding.BugLog;
import dev.annals.engine.deciding.CommandFailedException;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.deciding.DecidingConfig;
import dev.annals.engine.deciding.DedupEntry;
import dev.annals.engine.deciding.EventFold;
import dev.annals.engine.deciding.PayloadFingerprint;
import dev.annals.engine.deciding.RecordDecider;
import dev.annals.engine.deciding.RecoveredCommands;
import dev.annals.engine.deciding.ResultReader;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.deciding.StoreKeys;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.rebuilding.Rebuild.StoppedException;
import dev.annals.engine.viewregistry.CommandSkip;
import dev.annals.lanes.Counters.Added;
import dev.annals.lanes.Counters.Blurred;
import dev.annals.lanes.Counters.Count;
import dev.annals.lanes.Counters.Event;
import dev.annals.lanes.Counters.Jammed;
import dev.annals.lanes.Counters.Release;
import dev.annals.lanes.Counters.SummedUp;
import dev.annals.lanes.Positions.LastEvent;
import dev.annals.serde.RegistryAvroDeserializer;
import dev.annals.serde.RegistryAvroSerializer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a lane makes of its logs: of all of them where its store is begun anew, else of what it does not have yet. */
class LaneRestoreTest {

    private static final Topics TOPICS = new Topics("");
    private static final TopicPartition EVENTS = new TopicPartition(TOPICS.events(Counters.NAME), 0);
    private static final TopicPartition RESULTS = new TopicPartition(TOPICS.results(Counters.NAME), 0);
    private static final LaneLayout LAYOUT = new LaneLayout(Counters.NAME, 1, 1);
    private static final long NOW = 1_800_000_000_000L;
    private static final Duration RETENTION = Duration.ofHours(24);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final PayloadFingerprint FINGERPRINT = new PayloadFingerprint(1, 2);
    private static final AggregateBinding<?, Count, Event> BINDING = Counters.of(new Release(1, MissingEvents.FAIL));

    private final AvroSerdes serdes = new AvroSerdes(
            RegistryAvroSerializer.class.getName(),
            RegistryAvroDeserializer.class.getName(),
            Map.of(
                    "schema.registry.url",
                    "mock://lane-restore",
                    "value.subject.name.strategy",
                    "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy"));
    private final Serializer<Object> serializer = serdes.newSerializer();
    private final Brokers brokers = new Brokers();
    private final LaneLogs logs = new LaneLogs();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        serializer.close();
    }

    /** What a lane asks of its group. */
    private static final class Brokers implements LaneEnvironment.Group {

        private final AtomicInteger open = new AtomicInteger();
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public ConsumerGroupMetadata metadata() {
            throw new AssertionError("nothing is written");
        }

        @Override
        public Map<TopicPartition, Long> committed(Set<TopicPartition> partitions) {
            throw new AssertionError("nothing is written");
        }

        @Override
        public long newest(Set<TopicPartition> partitions) {
            throw new AssertionError("the test says it");
        }

        @Override
        public Set<TopicPartition> open(Set<TopicPartition> partitions) {
            asked.incrementAndGet();
            return open.get() > 0 ? partitions : Set.of();
        }

        @Override
        public @Nullable CommandSkip passedOver(RecordPlace place) {
            return null;
        }

        @Override
        public boolean owns(int lane) {
            return true;
        }
    }

    private ActorTrust trust = ActorTrust.UNVERIFIED;

    private LaneEnvironment environment() {
        return new LaneEnvironment(
                TOPICS,
                serdes,
                new DecidingConfig(RETENTION, 100, 900_000, trust),
                folder,
                options -> {},
                Duration.ofHours(1),
                () -> Instant.ofEpochMilli(NOW),
                Runnable::run,
                brokers);
    }

    /** A lane of a release that takes what is on the logs, as one does that is taken over. */
    private final class Taken implements AutoCloseable {

        private final Release release;
        private final LaneData<Count> data;
        private final RecordDecider<Counters.Command, Count, Event> decider;
        private final LaneTail<Count> tail;

        Taken(Release release, int atATime, UnaryOperator<Deserializer<Object>> values) {
            this.release = release;
            AggregateBinding<Counters.Command, Count, Event> binding = Counters.of(release);
            data = LaneData.open(binding.type(), Set.of(EVENTS, RESULTS), folder.resolve("counters-0"), environment());
            assertThat(data.restoreStates(logs.consumer(atATime), Counters.NAME, Set.of(0), () -> true))
                    .isTrue();
            decider = new RecordDecider<>(
                    binding,
                    TOPICS,
                    serdes,
                    environment().deciding(),
                    data.memory(),
                    data.memory(),
                    new BugLog(Counters.NAME),
                    () -> NOW);
            Deserializer<Object> deserializer = values.apply(decider.deserializer());
            tail = new LaneTail<>(
                    logs.consumer(atATime),
                    Set.of(EVENTS, RESULTS),
                    Counters.NAME,
                    EVENTS.topic(),
                    RESULTS.topic(),
                    data.memory(),
                    data.positions(),
                    new EventFold<>(binding, deserializer),
                    new ResultReader(deserializer),
                    trust,
                    data.store().isRecovering() ? recovered() : null);
        }

        private RecoveredCommands recovered() {
            RecoveredCommands recovered = new RecoveredCommands(
                    Counters.NAME, data.memory().fromLog(), decider.results(), trust, RETENTION, () -> NOW);
            recovered.begin(logs.newest(EVENTS));
            return recovered;
        }

        Taken polls(int count) {
            for (int i = 0; i < count; i++) {
                int unused = tail.step(Duration.ZERO);
            }
            return this;
        }

        Taken all() {
            Map<TopicPartition, Long> ends = tail.ends();
            while (!tail.isAt(ends)) {
                int unused = tail.step(Duration.ZERO);
            }
            data.settle(tail.events());
            return this;
        }

        /** Decides more events of a counter, as an owner does. */
        Taken decided(String id, int more) {
            for (int i = 0; i < more; i++) {
                Versioned<Count> before = data.memory().get(id);
                long offset = event(id, before.version() + 1, new Added());
                Count count = new Count(before.state().value() + release.version(), null);
                data.memory()
                        .change(id, new Versioned<>(before.version() + 1, count))
                        .run();
                data.memory().commit(NOW);
                data.positions().advance(EVENTS, new LastEvent(offset, key(id, before.version() + 1)));
            }
            return this;
        }

        Map<String, Versioned<Count>> states() {
            data.flush();
            Map<String, Versioned<Count>> states = new TreeMap<>();
            data.store().scan(StoreKeys.firstState(), StoreKeys.afterStates(), Integer.MAX_VALUE, (key, value) -> {
                String id = StoreKeys.aggregateId(key);
                states.put(id, data.memory().get(id));
            });
            return states;
        }

        @Nullable
        DedupEntry entry(String commandId, String id) {
            byte[] stored = data.memory().get(StoreKeys.command(commandId, id));
            return stored == null ? null : DedupEntry.decode(stored);
        }

        CommandResult result(String commandId, String id) {
            DedupEntry entry = Objects.requireNonNull(entry(commandId, id), commandId);
            return new ResultReader(decider.deserializer()).read(RESULTS.topic(), new RecordHeaders(), entry.result());
        }

        /** What is checked so far is on disk, and nothing else. */
        void cut() {
            tail.close();
            decider.close();
            data.close();
        }

        @Override
        public void close() {
            data.flush();
            cut();
        }
    }

    private static final int ALL = Integer.MAX_VALUE;

    private Taken release(int version) {
        return release(version, MissingEvents.FAIL, ALL);
    }

    private Taken release(int version, MissingEvents missing, int atATime) {
        return new Taken(new Release(version, missing), atATime, values -> values);
    }

    private static byte[] key(String id, long version) {
        return new EventKey(id, version).toBytes();
    }

    private long event(String id, long version, @Nullable Event event) {
        return event(id, version, event, NOW, new RecordHeaders());
    }

    private long event(String id, long version, @Nullable Event event, long time, Headers headers) {
        return logs.add(EVENTS, key(id, version), event == null ? null : bytes(event), time, headers);
    }

    private byte[] bytes(Event event) {
        return serializer.serialize(EVENTS.topic(), BINDING.toAvro(event));
    }

    private void added(String id, int from, int to) {
        for (int version = from; version <= to; version++) {
            event(id, version, new Added());
        }
    }

    private void expired(String id, long version) {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.EXPIRED.put(headers, "9");
        event(id, version, null, NOW, headers);
    }

    /** An event of a command. */
    private void caused(String commandId, long time, String id, long version) {
        caused(commandId, null, time, id, version);
    }

    private void caused(String commandId, @Nullable String principal, long time, String id, long version) {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.AUTH_ID.put(headers, principal);
        HeaderName.CAUSATION_ID.put(headers, commandId);
        HeaderName.CORRELATION_ID.put(headers, "corr");
        HeaderName.TYPE.put(headers, "annals.counters.Added");
        HeaderName.TIME.put(headers, "2011-01-04T10:00:00Z");
        event(id, version, new Added(), time, headers);
    }

    private static CommandResult accepted(String commandId, String id, long version, @Nullable String fingerprint) {
        return new CommandResult(
                commandId,
                "Add",
                Counters.NAME,
                id,
                Outcome.ACCEPTED,
                version,
                List.of(new AppendedEvent("Added", version)),
                null,
                null,
                false,
                Instant.ofEpochMilli(NOW),
                null,
                fingerprint);
    }

    private void published(CommandResult result) {
        published(result, null);
    }

    private void published(CommandResult result, @Nullable String principal) {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.AUTH_ID.put(headers, principal);
        logs.add(
                RESULTS,
                result.aggregateId().getBytes(UTF_8),
                serializer.serialize(RESULTS.topic(), CommandResult.binding().toAvro(result)),
                NOW,
                headers);
    }

    private static Versioned<Count> count(long version, long value) {
        return new Versioned<>(version, new Count(value, null));
    }

    private Map<String, Versioned<Count>> statesOf(int version) {
        try (Taken taken = release(version)) {
            return taken.all().states();
        }
    }

    @Nested
    class The_states_of_a_lane {

        @Test
        void are_made_anew_by_another_version_of_the_decider() {
            try (Taken first = release(1)) {
                first.all().decided("a", 3).decided("b", 1);
            }

            assertThat(statesOf(2)).isEqualTo(Map.of("a", count(3, 6), "b", count(1, 2)));
        }

        @Test
        void are_made_anew_when_their_record_has_another_shape() {
            added("a", 1, 2);
            Schema other = SchemaBuilder.record("Stored")
                    .fields()
                    .requiredLong("known")
                    .requiredString("was")
                    .endRecord();
            GenericRecord old = new GenericData.Record(other);
            old.put("known", 2L);
            old.put("was", "something else");
            SingleObjectCodec codec = new SingleObjectCodec(other);
            try (LaneStore store = LaneStore.open(folder.resolve("counters-0"), options -> {})) {
                store.write(batch -> batch.put(StoreKeys.state("a"), codec.encode(old)));
                store.haveStates(codec.fingerprint(), Map.of(EVENTS, 2L));
            }

            assertThat(statesOf(1)).isEqualTo(Map.of("a", count(2, 2)));
        }

        @Test
        void begin_anew_with_a_summary_whatever_is_missing_before_it() {
            added("a", 1, 2);
            event("a", 3, new SummedUp(20));
            event("a", 9, new SummedUp(30));
            added("a", 10, 10);
            event("b", 5, new SummedUp(40));
            expired("a", 8);
            expired("c", 2);
            event("c", 3, new SummedUp(50));

            assertThat(statesOf(1)).isEqualTo(Map.of("a", count(10, 31), "b", count(5, 40), "c", count(3, 50)));
        }

        @Test
        void are_there_at_once_when_the_same_code_has_made_them() {
            try (Taken first = release(1)) {
                first.all().decided("a", 3);
            }
            try (Taken again = release(1)) {
                assertThat(again.tail.isAt(again.tail.ends())).isTrue();
                assertThat(again.states()).isEqualTo(Map.of("a", count(3, 3)));
            }
        }

        @Test
        void come_from_the_events_where_the_store_was_lost() {
            added("a", 1, 3);

            assertThat(statesOf(1)).isEqualTo(Map.of("a", count(3, 3)));
        }

        @Test
        void come_from_events_that_were_restored_after_a_start_without_any() {
            assertThat(statesOf(1)).isEmpty();
            added("a", 1, 3);

            assertThat(statesOf(1)).isEqualTo(Map.of("a", count(3, 3)));
        }

        @Test
        void have_each_event_once_even_if_it_stands_twice() {
            added("a", 1, 2);
            added("a", 2, 3);

            assertThat(statesOf(1)).isEqualTo(Map.of("a", count(3, 3)));
        }

        @Test
        void end_with_what_is_committed_and_markers_of_transactions_are_no_events() {
            added("a", 1, 1);
            event("a", 2, new Added());
            logs.end(EVENTS, 1);
            assertThat(statesOf(1)).isEqualTo(Map.of("a", count(1, 1)));

            logs.remove(EVENTS, each -> each.offset() == 1); // it was aborted
            logs.end(EVENTS, 3);

            try (Taken taken = release(1)) {
                assertThat(taken.all().states()).isEqualTo(Map.of("a", count(1, 1)));
                assertThat(taken.data.positions().next(EVENTS)).isEqualTo(3);
            }
        }

        /** Else one aggregate would hold up all others of its lane. */
        @Test
        void that_can_not_be_stored_stop_their_aggregate_alone_until_another_version_can() {
            event("a", 1, new Blurred());
            added("a", 2, 2);
            added("b", 1, 1);
            try (Taken first = release(1)) {
                first.all().data.flush();
                assertThatExceptionOfType(CommandFailedException.class)
                        .isThrownBy(() -> first.data.memory().get("a"))
                        .withMessageContaining("the state after 2 events could not be stored");
                assertThat(first.data.memory().get("b")).isEqualTo(count(1, 1));
            }

            assertThat(statesOf(2)).isEqualTo(Map.of("a", count(2, 2), "b", count(1, 2)));
        }
    }

    @Nested
    class The_commands_of_a_store_that_was_lost {

        @Test
        void are_known_from_their_events_with_the_result_that_they_had() {
            caused("c1", NOW, "a", 1);
            caused("c2", NOW + 1, "a", 2);
            caused("c2", NOW + 1, "b", 1);
            caused("c2", NOW + 1, "a", 3);
            try (Taken taken = release(1)) {
                taken.all();

                DedupEntry entry = Objects.requireNonNull(taken.entry("c2", "a"));
                assertThat(entry.arrived()).isEqualTo(NOW + 1);
                assertThat(entry.fingerprint()).isEqualTo(PayloadFingerprint.NONE);
                assertThat(taken.result("c2", "a"))
                        .isEqualTo(new CommandResult(
                                "c2",
                                "",
                                Counters.NAME,
                                "a",
                                Outcome.ACCEPTED,
                                3,
                                List.of(new AppendedEvent("Added", 2), new AppendedEvent("Added", 3)),
                                null,
                                null,
                                false,
                                Instant.parse("2011-01-04T10:00:00Z"),
                                "corr"));
                assertThat(taken.result("c2", "b").version()).isEqualTo(1);
                assertThat(taken.result("c1", "a").version()).isEqualTo(1);
            }
        }

        @Test
        void are_whole_where_the_restore_was_cut_off_between_their_events_and_another_release_went_on() {
            caused("c1", NOW, "a", 1);
            caused("c1", NOW, "a", 2);
            caused("c2", NOW, "a", 3);
            caused("c2", NOW, "a", 4);
            try (Taken cut = release(1, MissingEvents.FAIL, 1)) {
                assertThat(cut.polls(1).result("c1", "a").version()).isEqualTo(1);
            }
            try (Taken cut = release(1, MissingEvents.FAIL, 1)) {
                cut.polls(2);
            }
            try (Taken other = release(2)) {
                other.all();

                assertThat(other.result("c1", "a").events())
                        .extracting(AppendedEvent::version)
                        .containsExactly(1L, 2L);
                assertThat(other.result("c2", "a").events())
                        .extracting(AppendedEvent::version)
                        .containsExactly(3L, 4L);
            }
        }

        /** Nobody reads the events before it again. */
        @Test
        void are_each_principals_own_from_events_and_from_results() {
            trust = ActorTrust.CALLERS;
            caused("c1", "ann", NOW, "a", 1);
            caused("c1", "bob", NOW, "a", 2);
            caused("c2", "ann", NOW, "a", 3);
            published(accepted("c2", "a", 3, null), "ann");
            published(accepted("c3", "a", 4, null), "ann");

            try (Taken taken = release(1).all()) {
                assertThat(taken.result(trust.nameOf("c1", "ann"), "a").version())
                        .isEqualTo(1);
                assertThat(taken.result(trust.nameOf("c1", "bob"), "a").version())
                        .isEqualTo(2);
                for (String each : List.of("c2", "c3")) {
                    assertThat(taken.result(trust.nameOf(each, "ann"), "a").commandId())
                            .isEqualTo(each);
                    assertThat(taken.entry(trust.nameOf(each, "bob"), "a")).isNull();
                    assertThat(taken.entry(each, "a")).isNull();
                }
                assertThat(taken.entry("c1", "a")).isNull();
            }
        }

        @Test
        void are_known_also_where_the_next_event_could_not_be_read_at_first() {
            caused("c1", NOW, "a", 1);
            caused("c2", NOW, "a", 2);
            try (Taken cut = failing(2)) {
                assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> cut.polls(1));
            }
            try (Taken again = release(1)) {
                again.all();

                assertThat(again.result("c1", "a").version()).isEqualTo(1);
                assertThat(again.result("c2", "a").version()).isEqualTo(2);
                assertThat(again.states()).isEqualTo(Map.of("a", count(2, 2)));
            }
        }

        @Test
        void are_known_from_events_that_were_restored_after_a_start_without_any() {
            assertThat(statesOf(1)).isEmpty();
            caused("c1", NOW, "a", 1);

            try (Taken taken = release(1)) {
                assertThat(taken.all().result("c1", "a").version()).isEqualTo(1);
            }
        }

        @Test
        void have_what_their_results_say_where_there_are_any_whichever_is_read_first() {
            CommandResult result = accepted("c1", "a", 1, "AAAAAAAAAAEAAAAAAAAAAg");
            published(result);
            published(accepted("c2", "a", 2, "AAAAAAAAAAEAAAAAAAAAAg"));
            caused("c1", NOW - 1, "a", 1);
            caused("c3", NOW - 1, "a", 2);
            caused("c2", NOW - 1, "a", 3);
            try (Taken taken = release(1, MissingEvents.FAIL, 1)) {
                taken.all();

                assertThat(taken.result("c1", "a")).isEqualTo(result);
                for (String id : List.of("c1", "c2")) {
                    DedupEntry entry = Objects.requireNonNull(taken.entry(id, "a"));
                    assertThat(entry.fingerprint()).isEqualTo(FINGERPRINT);
                    assertThat(entry.arrived()).isEqualTo(NOW);
                }
            }
        }

        @Test
        void have_expired_where_the_newest_event_is_younger_by_more_than_the_retention() {
            long newest = NOW - Duration.ofDays(3).toMillis();
            caused("expired", newest - RETENTION.toMillis() - 1, "a", 1);
            caused("known", newest - RETENTION.toMillis(), "a", 2);
            caused("newest", newest, "a", 3);
            try (Taken taken = release(1)) {
                taken.all();

                assertThat(taken.entry("expired", "a")).isNull();
                assertThat(taken.entry("known", "a")).isNotNull();
                assertThat(taken.entry("newest", "a")).isNotNull();
            }
        }

        @Test
        void have_their_last_use_where_an_id_had_expired_and_was_used_again() {
            caused("c1", NOW - RETENTION.toMillis(), "a", 1);
            caused("c1", NOW, "a", 2);
            try (Taken taken = release(1)) {
                assertThat(taken.all().result("c1", "a").events())
                        .extracting(AppendedEvent::version)
                        .containsExactly(2L);
            }
        }

        @Test
        void are_left_alone_where_only_the_states_are_made_anew() {
            try (Taken first = release(1)) {
                first.all().decided("a", 1);
            }
            caused("c1", NOW, "a", 2);
            try (Taken other = release(2)) {
                assertThat(other.all().states()).isEqualTo(Map.of("a", count(2, 4)));
                assertThat(other.entry("c1", "a")).isNull();
            }
        }
    }

    /** Fails once, with the event of this number. */
    private Taken failing(int number) {
        AtomicInteger reads = new AtomicInteger();
        return new Taken(new Release(1, MissingEvents.FAIL), ALL, values -> (topic, bytes) -> {
            if (reads.incrementAndGet() == number) {
                throw new TimeoutException("away");
            }
            return values.deserialize(topic, bytes);
        });
    }

    @Nested
    class A_restore_that_was_cut_off {

        @Test
        void goes_on_behind_its_last_checkpoint() {
            added("a", 1, 3);
            added("b", 1, 3);
            Taken cut = release(2, MissingEvents.FAIL, 1);
            cut.polls(4).data.flush();
            cut.polls(1).cut();

            try (Taken resumed = release(2)) {
                assertThat(resumed.data.positions().next(EVENTS)).isEqualTo(4);
                assertThat(resumed.all().states()).isEqualTo(Map.of("a", count(3, 6), "b", count(3, 6)));
            }
        }

        @Test
        void is_right_whichever_of_two_releases_goes_on_and_however_often_they_change() {
            Map<String, Long> versions = new TreeMap<>();
            List<String> ids = List.of("a", "b", "c");
            for (int turn = 0; turn < 40; turn++) {
                int version = 1 + turn * 7 % 3 % 2;
                try (Taken now = release(version, MissingEvents.FAIL, 1)) {
                    now.polls(1 + turn % 5);
                    if (turn % 4 == 3) {
                        String id = ids.get(turn % 3);
                        now.all().decided(id, 1);
                        versions.merge(id, 1L, Long::sum);
                        Map<String, Versioned<Count>> expected = new TreeMap<>();
                        versions.forEach((each, count) -> expected.put(each, count(count, version * count)));
                        assertThat(now.states()).isEqualTo(expected);
                    }
                }
            }
        }

        @Test
        void by_an_event_that_can_not_be_folded_says_which_and_has_all_before_it() {
            added("a", 1, 3);
            event("a", 4, new Jammed());
            try (Taken stopped = release(1)) {
                Map<TopicPartition, Long> ends = stopped.tail.ends();

                assertThatExceptionOfType(StoppedException.class)
                        .isThrownBy(stopped::all)
                        .withMessageContaining("counters.events partition 0 offset 3: ")
                        .withMessageContaining("Release.evolve threw java.lang.IllegalStateException: a bug in evolve");
                assertThat(stopped.states()).isEqualTo(Map.of("a", count(3, 3)));
                assertThat(stopped.tail.before(ends)).isEqualTo(1);
            }
            try (Taken again = release(1)) {
                assertThatExceptionOfType(StoppedException.class).isThrownBy(again::all);
            }
        }
    }

    @Nested
    class Erased_events {

        @Test
        void are_refused_where_the_author_says_nothing() {
            added("a", 1, 2);
            event("a", 3, null);

            assertThatExceptionOfType(StoppedException.class)
                    .isThrownBy(() -> statesOf(1))
                    .withMessage(
                            "counters.events partition 0 offset 2: the event has been erased; if it is right to leave such"
                                    + " events out, let " + Release.class.getName() + ".missingEvents() say SKIP");
        }

        @Test
        void count_and_change_nothing_where_the_author_lets_them_pass() {
            added("a", 1, 2);
            event("a", 3, null);
            added("a", 4, 4);

            assertThat(statesWithout(1)).isEqualTo(Map.of("a", count(4, 3)));
        }

        @Test
        void that_are_gone_from_the_log_are_refused_or_counted() {
            added("a", 1, 1);
            added("a", 4, 4);

            assertThatExceptionOfType(StoppedException.class)
                    .isThrownBy(() -> statesOf(1))
                    .withMessageContaining("offset 1: events 2 to 3 of counters/a are missing before it");
            assertThat(statesWithout(1)).isEqualTo(Map.of("a", count(4, 2)));
        }

        @Test
        void at_the_end_of_a_stream_never_give_their_version_to_another_event() {
            try (Taken first = release(1)) {
                first.all().decided("a", 3).decided("b", 2);
            }
            logs.end(EVENTS, 5);
            logs.remove(EVENTS, each -> {
                EventKey key = EventKey.parse(each.key());
                return key.aggregateId().equals("b") || key.version() > 1;
            });

            assertThatExceptionOfType(StoppedException.class)
                    .isThrownBy(() -> statesOf(2))
                    .withMessageContaining("counters/a: events 2 to 3 are missing at its end");
            assertThat(statesWithout(2)).isEqualTo(Map.of("a", count(3, 2), "b", count(2, 0)));
            assertThat(statesWithout(3)).isEqualTo(Map.of("a", count(3, 3), "b", count(2, 0)));
        }

        @Test
        void of_a_state_that_has_them_already_change_nothing() {
            added("a", 1, 2);
            event("a", 2, null);

            assertThat(statesOf(1)).isEqualTo(Map.of("a", count(2, 2)));
        }

        private Map<String, Versioned<Count>> statesWithout(int version) {
            try (Taken taken = release(version, MissingEvents.SKIP, ALL)) {
                return taken.all().states();
            }
        }
    }

    /** Who knows of events that nobody may read yet, since markers of his own last transaction are on their way. */
    @Test
    void an_owner_that_stands_by_waits_for_the_markers_of_its_last_transaction_and_takes_no_log_for_lost()
            throws Exception {
        try (Taken owner = release(1)) {
            owner.all().decided("a", 3);
        }
        logs.end(EVENTS, 1);
        brokers.open.set(1);
        Lane<Counters.Command, Count, Event> lane = new Lane<>(
                Counters.of(new Release(1, MissingEvents.FAIL)),
                LAYOUT,
                0,
                environment(),
                new LaneClients() {
                    @Override
                    public Producer<byte[], byte[]> producer(String transactionalId) {
                        throw new AssertionError("it owns nothing");
                    }

                    @Override
                    public Consumer<byte[], byte[]> tail() {
                        return logs.consumer(ALL);
                    }
                },
                new BugLog(Counters.NAME));
        try (lane) {
            lane.release(Lane.Role.STANDBY).get();
            lane.start();
            await().atMost(LIMIT).until(() -> brokers.asked.get() > 2);
            assertThat(lane.trouble()).isNull();
            assertThat(lane.isWarm()).isFalse();

            logs.end(EVENTS, 4);
            brokers.open.set(0);

            await().atMost(LIMIT).until(lane::isWarm);
            assertThat(lane.counts().failures()).isZero();
        }
    }
}
