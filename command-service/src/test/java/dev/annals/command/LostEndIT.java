package dev.annals.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.schemas.SchemaCatalog;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that lacks events takes over while the command service is away; the states of its aggregates have them. */
@Tag("heavy")
@WithKafka
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LostEndIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Map<String, String> ONE_PARTITION = Map.of("annals.topics.partitions", "1");

    @Test
    void an_event_topic_that_has_lost_its_end_is_not_continued(KafkaCluster kafka, @TempDir Path stateDir)
            throws Exception {
        String prefix = kafka.uniqueName("lost") + ".";
        try (TypeTopics probes = new TypeTopics(kafka, kafka.registryUrl(), prefix, ProbesDomain.NAME)) {
            try (Instance service = ProbesDomain.start(kafka, prefix, stateDir, ONE_PARTITION)) {
                service.awaitReady();
                probes.send("probe", probe());
                probes.flush();
                probes.results(1);
            }
            try (Instance service = ProbesDomain.start(kafka, prefix, stateDir, ONE_PARTITION)) {
                service.awaitReady(); // with all of its events it goes on
            }

            kafka.broker().kill();
            emptyLog(kafka.broker().config().folder().resolve("data/%sprobes.events-0".formatted(prefix)));
            kafka.broker().start();

            try (Instance service = ProbesDomain.start(kafka, prefix, stateDir, ONE_PARTITION)) {
                probes.send("probe", probe());
                probes.flush();
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(
                                        service.get("/health/ready").body())
                                .contains("the last event that was decided, probes/probe/", "is not in the log"));
                assertThat(probes.answered()).hasSize(1);
            }
        }
    }

    private static GenericRecord probe() {
        GenericRecord command =
                new GenericData.Record(SchemaCatalog.load("annals.probes.Probe", LostEndIT.class.getClassLoader()));
        command.put("times", 1);
        return command;
    }

    private static void emptyLog(Path folder) throws IOException {
        Path log = folder.resolve("00000000000000000000.log");
        assertThat(new String(Files.readAllBytes(log), UTF_8)).contains("probe");
        Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
    }
}
