package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import dev.annals.service.TestDomain;
import dev.annals.service.Workers;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody does to the topics of an installation that runs, and what its next start says to it. */
@WithKafka
class ClusterWatchIT {

    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(20);

    private final KafkaCluster kafka;
    private final Domains domains = new Domains(List.of(new TestDomain("counters")));
    private ServiceConfig config;
    private String events = "";
    private ClusterWatch watch;

    ClusterWatchIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void startWatching() {
        String prefix = kafka.uniqueName("watched") + ".";
        config = ServiceConfig.of(
                Settings.of(
                        Map.of("kafka.bootstrap.servers", kafka.bootstrapServers(), "annals.topics.prefix", prefix)),
                0);
        events = config.topics().events("counters");
        TopicProvisioner topics = new TopicProvisioner(config);
        watch = new ClusterWatch(config, domains, true, new Workers(new SimpleMeterRegistry()), Duration.ofMillis(100))
                .start(topics.provision(domains).topics());
    }

    @AfterEach
    void stopWatching() {
        watch.close();
    }

    @Test
    void a_retention_is_told_until_it_is_taken_away_again() throws Exception {
        set(events, "cleanup.policy", "delete");

        awaitReason(events + " has cleanup.policy=delete: it must be compact");
        assertThatThrownBy(this::provision).hasMessageContaining(events + " has cleanup.policy=delete");

        set(events, "cleanup.policy", "compact");
        awaitNoReason();
        provision();
    }

    @Test
    void topics_of_views_and_stores_are_looked_at_too() throws Exception {
        String changelog = config.topics().prefix() + "annals-process-counting-instances-changelog";
        kafka.createTopic(changelog, 4, Map.of("cleanup.policy", "delete"));

        awaitReason(changelog + " has cleanup.policy=delete");
    }

    @Test
    void commands_with_their_senders_time_are_told_to_who_decides() throws Exception {
        String commands = config.topics().commands("counters");
        set(commands, "message.timestamp.type", "CreateTime");

        awaitReason(commands + " has message.timestamp.type=CreateTime");
    }

    @Test
    void added_partitions_are_told() throws Exception {
        kafka.admin()
                .createPartitions(Map.of(events, NewPartitions.increaseTo(9)))
                .all()
                .get();

        awaitReason(events + " has 9 partitions, but was made with 4");
    }

    @Test
    void an_event_topic_that_is_deleted_is_not_taken_as_empty() throws Exception {
        delete(events);

        awaitReason(events + " is gone");
        assertThatThrownBy(this::provision)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(events + " is gone")
                .hasMessageContaining("annals restore");
        assertThat(kafka.admin().listTopics().names().get()).doesNotContain(events);
    }

    @Test
    void an_event_topic_that_is_made_anew_is_not_taken_as_empty() throws Exception {
        delete(events);
        kafka.createTopic(events, 4, Map.of("cleanup.policy", "compact"));

        awaitReason(events + " is not the one that this installation wrote to");
        assertThatThrownBy(this::provision)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("it was deleted and made anew");
    }

    @Test
    void deleted_events_are_told() throws Exception {
        TopicPartition partition = new TopicPartition(events, 0);
        try (var producer =
                new dev.annals.engine.kafka.KafkaClients(config.kafka(), NOTICED_WITHIN).producer(Map.of())) {
            producer.send(new ProducerRecord<>(events, 0, new byte[] {1}, new byte[] {1}))
                    .get();
        }
        set(events, "cleanup.policy", "delete"); // of a compacted topic, brokers delete nothing
        kafka.admin()
                .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(1)))
                .all()
                .get();
        set(events, "cleanup.policy", "compact");

        awaitReason(events + ", partition 0 begins at offset 1");
    }

    private void provision() {
        var unused = new TopicProvisioner(config).provision(domains);
    }

    private void set(String topic, String key, String value) throws ExecutionException, InterruptedException {
        kafka.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private void delete(String topic) throws ExecutionException, InterruptedException {
        kafka.admin().deleteTopics(List.of(topic)).all().get();
        await().until(() -> !kafka.admin().listTopics().names().get().contains(topic));
    }

    private void awaitReason(String text) {
        await().atMost(NOTICED_WITHIN)
                .untilAsserted(() -> assertThat(watch.reasonsAgainst())
                        .anySatisfy(reason -> assertThat(reason).contains(text)));
    }

    private void awaitNoReason() {
        await().atMost(NOTICED_WITHIN)
                .untilAsserted(() -> assertThat(watch.reasonsAgainst()).isEmpty());
    }
}
