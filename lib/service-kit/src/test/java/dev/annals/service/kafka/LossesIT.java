package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import dev.annals.service.TestDomain;
import dev.annals.service.Workers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What takes a cluster of its own: a broker that has lost the end of a log, and one with the transactions of before.
 */
class LossesIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final Domains domains = new Domains(List.of(new TestDomain("counters")));

    private static ServiceConfig config(BrokerProcess broker, Map<String, String> more) {
        Map<String, String> settings = new java.util.HashMap<>(more);
        settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
        settings.put("annals.topics.partitions", "1");
        return ServiceConfig.of(Settings.of(settings), 0);
    }

    @Tag("heavy")
    @Test
    void a_log_that_has_become_shorter_is_told_until_the_service_is_started_again() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(BrokerConfig.in(folder))) {
            ServiceConfig config = config(broker, Map.of());
            var provisioned = new TopicProvisioner(config).provision(domains);
            write(config, 3);
            try (ClusterWatch watch = new ClusterWatch(
                    config, domains, true, new Workers(new SimpleMeterRegistry()), Duration.ofMillis(100))) {
                watch.start(provisioned.topics());
                awaitOneLook(watch);

                broker.kill();
                emptyLog();
                broker.start();

                awaitTruncated(watch);
                write(config, 9);
                awaitOneLook(watch);
                awaitTruncated(watch);
            }
        }
    }

    private static void write(ServiceConfig config, int records) throws Exception {
        try (Producer<byte[], byte[]> producer = new KafkaClients(config.kafka(), LIMIT).producer(Map.of())) {
            for (byte record = 0; record < records; record++) {
                producer.send(new ProducerRecord<>("counters.events", 0, new byte[] {record}, new byte[] {record}))
                        .get();
            }
        }
    }

    /** As the log of a replica that was far behind when it became the leader. */
    private void emptyLog() throws IOException {
        Path log = folder.resolve("data/counters.events-0/00000000000000000000.log");
        assertThat(Files.size(log)).isPositive();
        Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static void awaitOneLook(ClusterWatch watch) {
        int before = watch.looks();
        await().atMost(LIMIT).until(() -> watch.looks() > before + 1);
    }

    private static void awaitTruncated(ClusterWatch watch) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(watch.reasonsAgainst())
                        .singleElement()
                        .asString()
                        .contains("counters.events, partition 0 ends at offset 0, where it once ended at 3"));
    }

    @Test
    void transactions_of_before_kip_890_are_refused_unless_they_are_accepted() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(BrokerConfig.in(folder));
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            FeatureUpdate one = new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
            admin.updateFeatures(Map.of("transaction.version", one), new UpdateFeaturesOptions())
                    .all()
                    .get();

            assertThatThrownBy(() -> new TopicProvisioner(config(broker, Map.of())).provision(domains))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("transaction.version=1")
                    .hasMessageContaining("--feature transaction.version=2");
            assertThat(admin.listTopics().names().get()).isEmpty();

            var unused = new TopicProvisioner(config(broker, Map.of("annals.cluster.accept", "transaction-version")))
                    .provision(domains);
        }
    }
}
