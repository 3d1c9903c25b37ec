package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import dev.annals.service.TestDomain;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

/** Three brokers whose defaults are one copy, as Apache Kafka has them. */
@WithKafka(brokers = 3)
class ThreeBrokersIT {

    private static final Map<String, String> COPIES =
            Map.of("annals.topics.replication.factor", "3", "annals.topics.min.insync.replicas", "2");

    private final KafkaCluster kafka;
    private final Domains domains = new Domains(List.of(new TestDomain("counters")));
    private final String prefix;

    ThreeBrokersIT(KafkaCluster kafka) {
        this.kafka = kafka;
        this.prefix = kafka.uniqueName("copies") + ".";
    }

    private ServiceConfig config(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        settings.put("annals.topics.prefix", prefix);
        return ServiceConfig.of(Settings.of(settings), 0);
    }

    private void provision(Map<String, String> more) {
        var unused = new TopicProvisioner(config(more)).provision(domains);
    }

    @Test
    void one_copy_is_refused_before_any_topic_is_made() throws Exception {
        assertThatThrownBy(() -> provision(Map.of()))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("1 of 3 replicas, on 3 brokers")
                .hasMessageContaining("annals.topics.replication.factor=3")
                .hasMessageContaining("min.insync.replicas=1");
        assertThat(kafka.admin().listTopics().names().get()).noneMatch(name -> name.startsWith(prefix));
    }

    @Test
    void one_copy_can_be_accepted() {
        provision(Map.of("annals.cluster.accept", "replication, min-insync-replicas"));
    }

    @Test
    void with_three_copies_it_starts_until_one_topic_may_lose_its_end() throws Exception {
        provision(COPIES);
        provision(COPIES);
        assertThat(StreamsDefaults.of(config(COPIES), "app"))
                .containsEntry(StreamsConfig.REPLICATION_FACTOR_CONFIG, 3)
                .containsEntry("topic.min.insync.replicas", 2);

        String events = prefix + "counters.events";
        kafka.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, events),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("unclean.leader.election.enable", "true"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        assertThatThrownBy(() -> provision(COPIES))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(events + ": unclean.leader.election.enable=true");
    }
}
