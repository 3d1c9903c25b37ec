package dev.annals.operations.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.deadletters.DeadLetter.Position;
import dev.annals.operations.deadletters.DeadLetters.SentAgain;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a real broker; the test writes what the command service would. */
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DeadLettersIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final KafkaCluster cluster;
    private final KafkaAccess kafka;
    private final Producer<byte[], byte[]> producer;

    DeadLettersIT(KafkaCluster cluster) {
        this.cluster = cluster;
        this.kafka = new KafkaAccess(
                cluster.bootstrapServers(),
                cluster.registryUrl(),
                new Topics(cluster.uniqueName("letters") + "."),
                Map.of("linger.ms", "0"));
        this.producer = kafka.newProducer();
    }

    @BeforeEach
    void create_topics() {
        cluster.createTopic(kafka.topics().commands("accounts"), 3, Map.of());
        cluster.createTopic(kafka.topics().results("accounts"), 3, Map.of());
        cluster.createTopic(kafka.topics().deadLetters("accounts"), 2, Map.of("retention.ms", "-1"));
    }

    @AfterEach
    void close() {
        producer.close();
    }

    @Test
    void lists_the_newest_last_and_only_those_with_the_reason() throws Exception {
        bury(0, 3_000, "c", "unreadable", 3);
        bury(1, 1_000, "a", "unreadable", 1);
        bury(1, 2_000, "b", "handler-failed", 2);

        assertThat(newest(20, null))
                .extracting(letter -> letter.position() + " " + letter.time() + " " + letter.reason() + " "
                        + letter.key() + " " + letter.commandId())
                .containsExactly(
                        "1:0 1970-01-01T00:00:01Z unreadable a cmd-a",
                        "1:1 1970-01-01T00:00:02Z handler-failed b cmd-b",
                        "0:0 1970-01-01T00:00:03Z unreadable c cmd-c");
        assertThat(newest(1, "unreadable")).singleElement().satisfies(letter -> {
            assertThat(letter.position()).isEqualTo(new Position(0, 0));
            assertThat(letter.origin().offset()).isEqualTo("3");
        });
        assertThat(newest(20, "no-key")).isEmpty();
    }

    @Test
    void sends_one_again_and_says_that_it_was_accepted() throws Exception {
        bury(1, 1_000, "ada", "unreadable", 1);
        bury(1, 2_000, "bob", "unreadable", 2);
        CompletableFuture<SentAgain> sending = sending(new Position(1, 1));

        ConsumerRecord<byte[], byte[]> command = sentAgain();
        answer(command, Outcome.ACCEPTED);

        assertThat(sending.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(new SentAgain(SentAgain.Outcome.ACCEPTED, 7L, null, null, null));
        assertThat(command.key()).asString(UTF_8).isEqualTo("bob");
        assertThat(command.value()).asString(UTF_8).isEqualTo("value of bob");
        assertThat(command.headers().toArray())
                .singleElement()
                .satisfies(header -> assertThat(header.key()).isEqualTo("ce_id"));
    }

    @Test
    void says_that_it_failed_again_and_where_it_is_now() throws Exception {
        bury(0, 1_000, "ada", "handler-failed", 1);
        CompletableFuture<SentAgain> sending = sending(new Position(0, 0));

        ConsumerRecord<byte[], byte[]> command = sentAgain();
        answer(command, Outcome.FAILED);
        bury(1, 2_000, "other", "unreadable", 999);
        bury(1, 3_000, "ada", "handler-failed", command.partition(), command.offset());

        assertThat(sending.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(
                        new SentAgain(SentAgain.Outcome.FAILED, null, "handler-failed", "no luck", new Position(1, 1)));
    }

    @Test
    void waits_for_a_result_within_a_limit() throws Exception {
        bury(0, 1_000, "ada", "handler-failed", 1);

        assertThat(letters("accounts")
                        .sendAgain(new Position(0, 0), Duration.ofSeconds(1))
                        .outcome())
                .isEqualTo(SentAgain.Outcome.UNKNOWN);
        assertThat(cluster.records(kafka.topics().commands("accounts"))).hasSize(1);
    }

    @Test
    void a_position_without_a_dead_letter_is_named_and_nothing_is_sent() throws Exception {
        bury(0, 1_000, "ada", "handler-failed", 1);

        for (Position none : List.of(new Position(0, 1), new Position(7, 0))) {
            assertThatThrownBy(() -> letters("accounts").sendAgain(none, LIMIT))
                    .isInstanceOf(OperationFailedException.class)
                    .hasMessageContaining("there is no dead letter " + none);
        }
        assertThat(cluster.records(kafka.topics().commands("accounts"))).isEmpty();
    }

    @Test
    void a_type_without_topics_is_named() {
        assertThatThrownBy(() -> letters("no-such-type").newest(20, letter -> true))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContaining("there is no topic " + kafka.topics().deadLetters("no-such-type"));
    }

    private DeadLetters letters(String type) {
        return new DeadLetters(kafka, type);
    }

    private List<DeadLetter> newest(int limit, @Nullable String reason) {
        return letters("accounts").newest(limit, letter -> reason == null || reason.equals(letter.reason()));
    }

    private CompletableFuture<SentAgain> sending(Position position) {
        return CompletableFuture.supplyAsync(() -> letters("accounts").sendAgain(position, LIMIT));
    }

    private void bury(int partition, long time, String key, String reason, int originOffset) throws Exception {
        bury(partition, time, key, reason, 2, originOffset);
    }

    private void bury(int partition, long time, String key, String reason, int originPartition, long originOffset)
            throws Exception {
        Headers headers = new RecordHeaders();
        put(headers, "ce_id", "cmd-" + key);
        put(headers, "annals_dead_letter_reason", reason);
        put(headers, "annals_dead_letter_message", "no luck");
        put(headers, "annals_dead_letter_topic", kafka.topics().commands("accounts"));
        put(headers, "annals_dead_letter_partition", Integer.toString(originPartition));
        put(headers, "annals_dead_letter_offset", Long.toString(originOffset));
        write(
                kafka.topics().deadLetters("accounts"),
                partition,
                time,
                key.getBytes(UTF_8),
                ("value of " + key).getBytes(UTF_8),
                headers);
    }

    private void answer(ConsumerRecord<byte[], byte[]> command, Outcome outcome) throws Exception {
        RecordBinding<CommandResult> binding = CommandResult.binding();
        String commandId = new String(command.headers().lastHeader("ce_id").value(), UTF_8);
        boolean accepted = outcome == Outcome.ACCEPTED;
        CommandResult result = new CommandResult(
                commandId,
                "Deposit",
                "accounts",
                new String(command.key(), UTF_8),
                outcome,
                accepted ? 7 : 0,
                List.of(),
                accepted ? null : "handler-failed",
                accepted ? null : "no luck",
                false,
                Instant.EPOCH,
                null);
        String topic = kafka.topics().results("accounts");
        try (var serializer = kafka.serdes().newSerializer()) {
            Headers headers = new RecordHeaders();
            put(headers, "ce_causationid", commandId);
            write(topic, null, null, command.key(), serializer.serialize(topic, binding.toAvro(result)), headers);
        }
    }

    private void write(
            String topic,
            @Nullable Integer partition,
            @Nullable Long time,
            byte[] key,
            byte @Nullable [] value,
            Headers headers)
            throws Exception {
        producer.send(new ProducerRecord<>(topic, partition, time, key, value, headers))
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }

    private ConsumerRecord<byte[], byte[]> sentAgain() {
        return cluster.awaitRecords(kafka.topics().commands("accounts"), 1, LIMIT)
                .getFirst();
    }
}
