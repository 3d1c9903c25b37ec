package dev.annals.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.service.StartupException;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events leave by their age, on four partitions and two instances, while commands go on. The topic says what was seen.
 */
@Tag("long")
@WithKafka
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class RetentionIT {

    private static final int ACCOUNTS = 40;
    private static final Duration AGE = Duration.ofSeconds(8);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Map<String, String> SETTINGS = Map.of(
            "annals.topics.partitions", "4",
            "annals.command.retention.accounts", AGE.toString(),
            "annals.command.expiry.interval", "PT1S");

    private final KafkaCluster kafka;

    RetentionIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    /** Of one account: its events by version, and what came of them. */
    private static final class Stream {
        private final TreeMap<Long, ConsumerRecord<byte[], byte[]>> events = new TreeMap<>();
        private final TreeMap<Long, ConsumerRecord<byte[], byte[]>> tombstones = new TreeMap<>();

        /** Of the first event that is left. */
        long first() {
            return events.keySet().stream()
                    .filter(version -> !tombstones.containsKey(version))
                    .findFirst()
                    .orElse(0L);
        }

        boolean isSummary(long version) {
            ConsumerRecord<?, ?> event = events.get(version);
            return event != null && "annals.accounts.BooksClosed".equals(HeaderName.TYPE.in(event.headers()));
        }

        long summaries() {
            return events.keySet().stream().filter(this::isSummary).count();
        }
    }

    private static Map<String, Stream> streams(AccountTopics topics) {
        Map<String, Stream> streams = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : topics.events()) {
            EventKey key = EventKey.parse(record.key());
            Stream stream = streams.computeIfAbsent(key.aggregateId(), id -> new Stream());
            if (record.value() == null) {
                stream.tombstones.putIfAbsent(key.version(), record); // it does no harm to erase twice
            } else {
                assertThat(stream.events.put(key.version(), record))
                        .as("%s is written once", key)
                        .isNull();
            }
        }
        return streams;
    }

    private static void assertRight(String id, Stream stream) {
        assertThat(stream.events.lastKey()).as(id).isEqualTo(stream.events.size());
        stream.tombstones.forEach((version, tombstone) -> {
            long summary = Long.parseLong(String.valueOf(HeaderName.EXPIRED.in(tombstone.headers())));
            assertThat(stream.isSummary(summary)).as("%s/%d", id, summary).isTrue();
            assertThat(version).isLessThan(summary);
            for (long before = 1; before < summary; before++) {
                Instant time = Instant.parse(String.valueOf(
                        HeaderName.TIME.in(stream.events.get(before).headers())));
                assertThat(Duration.between(time, Instant.ofEpochMilli(tombstone.timestamp())))
                        .as("age of %s/%d when %d left", id, before, version)
                        .isGreaterThanOrEqualTo(AGE);
            }
        });
        if (stream.first() > 1) {
            assertThat(stream.isSummary(stream.first()))
                    .as("%s begins with a summary", id)
                    .isTrue();
            assertThat(stream.tombstones).as(id).hasSize((int) stream.first() - 1);
        }
    }

    private static void open(AccountTopics topics, String id) {
        topics.send(
                id,
                AccountTopics.open(),
                "ce_id",
                "open",
                "ce_time",
                Instant.now().toString());
    }

    private static void deposit(AccountTopics topics, String id, int number) {
        topics.send(
                id,
                AccountTopics.deposit("1"),
                "ce_id",
                "d" + number,
                "ce_time",
                Instant.now().toString());
    }

    @Test
    void the_front_of_each_stream_leaves_once_a_summary_stands_for_it(@TempDir Path folder) {
        String prefix = "retention.";
        List<Instance> instances = new ArrayList<>();
        try (AccountTopics topics = new AccountTopics(kafka, prefix)) {
            for (int i = 0; i < 2; i++) {
                instances.add(Instance.start(kafka, prefix, folder.resolve("state-" + i), SETTINGS));
            }
            instances.forEach(Instance::awaitReady);
            for (int i = 0; i < ACCOUNTS; i++) {
                open(topics, "idle-" + i);
                deposit(topics, "idle-" + i, 1);
                open(topics, "busy-" + i);
            }
            Random random = new Random(7);
            int[] deposits = {1};
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
                for (int i = 0; i < 20; i++) {
                    deposit(topics, "busy-" + random.nextInt(ACCOUNTS), ++deposits[0]);
                }
                Map<String, Stream> streams = streams(topics);
                assertThat(streams).hasSize(2 * ACCOUNTS);
                streams.forEach((id, stream) -> {
                    assertRight(id, stream);
                    assertThat(stream.first()).as(id).isGreaterThan(1);
                });
            });
            for (Instance instance : instances) {
                assertThat(expired(instance)).as("each has its share").isPositive();
            }

            instances.removeLast().close();
            double before = expired(instances.getFirst());
            for (int i = 0; i < ACCOUNTS; i++) {
                open(topics, "later-" + i);
            }
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
                Map<String, Stream> streams = streams(topics);
                streams.forEach(RetentionIT::assertRight);
                for (int i = 0; i < ACCOUNTS; i++) {
                    assertThat(streams.getOrDefault("later-" + i, new Stream()).first())
                            .isEqualTo(2);
                }
            });
            assertThat(expired(instances.getFirst())).isGreaterThanOrEqualTo(before + ACCOUNTS);
            streams(topics).forEach((id, stream) -> {
                if (id.startsWith("idle") || id.startsWith("later")) {
                    assertThat(stream.summaries())
                            .as("%s is summed up once", id)
                            .isEqualTo(1);
                }
            });
        } finally {
            instances.forEach(Instance::close);
        }
    }

    private static double expired(Instance instance) {
        return instance.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("annals_events_expired_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void is_refused_for_a_type_without_summaries_and_without_a_duration(@TempDir Path folder) {
        assertThatThrownBy(() ->
                        Instance.start(kafka, "refused.", folder, Map.of("annals.command.retention.orders", "P365D")))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll("annals.command.retention.orders", "no event of orders implements", "Summary");
        assertThatThrownBy(() -> Instance.start(
                        kafka, "refused.", folder, Map.of("annals.command.retention.accounts", "365 days")))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll("annals.command.retention.accounts=365 days", "ISO-8601");
        assertThatThrownBy(() ->
                        Instance.start(kafka, "refused.", folder, Map.of("annals.command.retention.accounts", "PT0S")))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll("annals.command.retention.accounts", "above 0");
        assertThatThrownBy(() ->
                        Instance.start(kafka, "refused.", folder, Map.of("annals.command.expiry.interval", "PT0.1S")))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll("annals.command.expiry.interval", "PT1S or more");
        assertThatThrownBy(() ->
                        Instance.start(kafka, "refused.", folder, Map.of("annals.command.retention.acounts", "P365D")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("annals.command.retention.acounts");
    }
}
