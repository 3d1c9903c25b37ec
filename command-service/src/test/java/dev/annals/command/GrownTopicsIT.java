package dev.annals.command;

import static dev.annals.command.TypeTopics.key;
import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.NewTopics;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.service.StartupException;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Someone adds partitions to commands and events alike, so that ids belong to other ones. */
@Tag("long")
@WithKafka
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GrownTopicsIT {

    private static final int PARTITIONS = 4;
    private static final int MORE = 6;
    private static final int PROBES = 30;

    /** What comes to partitions that a topic was not made with is in none of the lanes. */
    private static final int PROBES_OF_OLD_PARTITIONS = (int) IntStream.range(0, PROBES)
            .filter(i -> AggregateIds.partition("probe-" + i, MORE) < PARTITIONS)
            .count();

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final Duration TOLD_LIMIT = Duration.ofMinutes(2);

    @Test
    void partitions_added_while_a_service_runs_are_told_of_and_split_no_history(
            KafkaCluster kafka, @TempDir Path stateDir) throws Exception {
        String prefix = kafka.uniqueName("grown") + ".";
        Map<String, String> settings =
                Map.of("annals.topics.partitions", Integer.toString(PARTITIONS), "kafka.metadata.max.age.ms", "1000");
        try (Instance service = ProbesDomain.start(kafka, prefix, stateDir, settings)) {
            service.awaitReady();
            send(kafka, prefix, PROBES);
            grow(kafka, prefix);
            send(kafka, prefix, PROBES + PROBES_OF_OLD_PARTITIONS);

            await().atMost(TOLD_LIMIT)
                    .untilAsserted(() -> assertThat(service.get("/health/ready").body())
                            .contains(prefix + "probes.events has 6 partitions, but was made with 4"));
        }

        try (TypeTopics probes = new TypeTopics(kafka, kafka.registryUrl(), prefix, ProbesDomain.NAME)) {
            assertThat(probes.results()).hasSize(PROBES + PROBES_OF_OLD_PARTITIONS);
            probes.assertStreamsAreWhole();
            assertThat(probes.events())
                    .hasSize(PROBES + PROBES_OF_OLD_PARTITIONS)
                    .allSatisfy(event -> {
                        String id = EventKey.parse(event.key()).aggregateId();
                        assertThat(event.partition()).as(key(event)).isEqualTo(AggregateIds.partition(id, PARTITIONS));
                    });
        }
        assertThatThrownBy(() -> ProbesDomain.start(kafka, prefix, stateDir, settings))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("probes.commands has 6 partitions, but was made with 4");
    }

    /** One command for each probe; with a producer of its own, which knows the partitions that there are now. */
    private static void send(KafkaCluster kafka, String prefix, int results) {
        GenericRecord command =
                new GenericData.Record(SchemaCatalog.load("annals.probes.Probe", GrownTopicsIT.class.getClassLoader()));
        command.put("times", 1);
        try (TypeTopics probes = new TypeTopics(kafka, kafka.registryUrl(), prefix, ProbesDomain.NAME)) {
            for (int i = 0; i < PROBES; i++) {
                probes.send("probe-" + i, command);
            }
            probes.flush();
            probes.results(results);
        }
    }

    private static void grow(KafkaCluster kafka, String prefix) throws Exception {
        List<String> topics = List.of(prefix + "probes.commands", prefix + "probes.events");
        NewPartitions more = NewPartitions.increaseTo(MORE);
        kafka.admin()
                .createPartitions(topics.stream().collect(toMap(identity(), topic -> more)))
                .all()
                .get();
        NewTopics.awaitLeaders(
                kafka.admin(),
                topics.stream()
                        .map(topic -> new NewTopic(topic, MORE, (short) 1))
                        .toList(),
                ANSWER_LIMIT);
    }
}
