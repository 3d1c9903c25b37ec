package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.TestDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers that don't take every setting of a topic. */
@Tag("long")
class UnwillingBrokersIT {

    /** Of Confluent Cloud. */
    private static final long GREATEST = 60_566_400_000L;

    private static final String EVENTS = "counters.events";

    @TempDir
    private Path folder;

    private Config eventsOn(long greatest, Map<String, String> more) throws Exception {
        BrokerConfig config = BrokerConfig.in(folder)
                .with("create.topic.policy.class.name", CloudPolicy.class.getName())
                .with(CloudPolicy.GREATEST, Long.toString(greatest));
        try (BrokerProcess broker = BrokerProcess.start(config);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Map<String, String> settings = new java.util.HashMap<>(more);
            settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
            var unused = new TopicProvisioner(ServiceConfig.of(Settings.of(settings), 0))
                    .provision(new Domains(List.of(new TestDomain("counters"))));
            ConfigResource events = new ConfigResource(ConfigResource.Type.TOPIC, EVENTS);
            return admin.describeConfigs(List.of(events)).all().get().get(events);
        }
    }

    @Test
    void tombstones_stay_as_long_as_the_brokers_allow_and_their_cleaner_comes_when_it_likes() throws Exception {
        Config events = eventsOn(GREATEST, Map.of());

        assertThat(Long.parseLong(events.get("delete.retention.ms").value()))
                .isBetween(GREATEST - Duration.ofDays(1).toMillis(), GREATEST);
        assertThat(events.get("min.cleanable.dirty.ratio").isDefault()).isTrue();
        assertThat(events.get("min.compaction.lag.ms").value()).isEqualTo("86400000");
        assertThat(events.get("cleanup.policy").value()).isEqualTo("compact");
    }

    @Test
    void where_no_time_for_tombstones_can_be_set_the_brokers_have_theirs() throws Exception {
        assertThat(eventsOn(0, Map.of()).get("delete.retention.ms").isDefault()).isTrue();
    }

    @Test
    void an_operator_can_leave_it_to_the_brokers_or_say_it() throws Exception {
        assertThat(eventsOn(GREATEST, Map.of("annals.topics.delete.retention.ms", "none"))
                        .get("delete.retention.ms")
                        .isDefault())
                .isTrue();
    }
}
