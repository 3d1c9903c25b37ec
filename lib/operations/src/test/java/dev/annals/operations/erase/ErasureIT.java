package dev.annals.operations.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.accounts.AccountsDomain;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.erase.Erasure.EventId;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

@WithKafka
class ErasureIT {

    @Test
    void from_a_topic_without_compaction_nothing_is_erased(KafkaCluster cluster) {
        KafkaAccess kafka = access(cluster);
        String events = kafka.topics().events("accounts");
        cluster.createTopic(events, 1, Map.of("cleanup.policy", "delete", "retention.ms", "-1"));

        assertThatThrownBy(() -> new Erasure(kafka).find(List.of(EventId.parse("accounts/ada/3"))))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContaining(events + " has cleanup.policy=delete: nothing can be erased from it");
    }

    @Test
    void who_erased_an_event_and_why_is_in_what_takes_its_place(KafkaCluster cluster) throws Exception {
        KafkaAccess kafka = access(cluster);
        String events = kafka.topics().events("accounts");
        cluster.createTopic(events, 1, Map.of("cleanup.policy", "compact"));
        EventId event = EventId.parse("accounts/ada/3");
        try (Producer<byte[], byte[]> producer = kafka.newProducer()) {
            var unused = producer.send(
                            new ProducerRecord<>(events, 0, event.key().toBytes(), new byte[1]))
                    .get();
        }

        Erasure erasure = new Erasure(kafka);
        erasure.erase(
                erasure.find(List.of(event)),
                new Instruction("ann", "request 17", Instant.parse("2026-12-02T10:00:00Z")));

        ConsumerRecord<byte[], byte[]> tombstone = cluster.records(events).getLast();
        assertThat(tombstone.key()).isEqualTo(event.key().toBytes());
        assertThat(tombstone.value()).isNull();
        assertThat(HeaderName.AUTH_ID.in(tombstone.headers())).isEqualTo("ann");
        assertThat(HeaderName.AUTH_TYPE.in(tombstone.headers())).isEqualTo("unknown");
        assertThat(HeaderName.REASON.in(tombstone.headers())).isEqualTo("request 17");
        assertThat(HeaderName.TIME.in(tombstone.headers())).isEqualTo("2026-12-02T10:00:00Z");
    }

    @Test
    void what_is_left_of_an_event_and_until_when_topics_say(KafkaCluster cluster) {
        KafkaAccess kafka = access(cluster);
        cluster.createTopic(
                kafka.topics().events("accounts"),
                1,
                Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.9"));
        cluster.createTopic(kafka.topics().commands("accounts"), 1, Map.of("retention.ms", "604800000"));
        cluster.createTopic(kafka.topics().results("accounts"), 1, Map.of("retention.ms", "90000000"));
        cluster.createTopic(kafka.topics().deadLetters("accounts"), 1, Map.of("retention.ms", "-1"));
        List<EventId> event = List.of(EventId.parse("accounts/ada/3"));

        InstalledDomains domains = new InstalledDomains(List.of(new AccountsDomain()));
        assertThat(Remains.of(kafka, domains, event, List.of()))
                .extracting(rest -> rest.where().replace(kafka.topics().prefix(), "") + ": " + rest.until())
                .contains(
                        "accounts.events: until the cleaner comes, when 0.9 of the log is new (min.cleanable.dirty.ratio); nothing says when that is",
                        "accounts.commands: until 7 d after it was written, and the segment that holds it is closed",
                        "accounts.results: until 1 d after it was written, and the segment that holds it is closed",
                        "accounts.dead-letters: for ever: retention.ms is -1",
                        "rows of accounts: until annals replay accounts",
                        "backups: until you delete them");

        Map<ConfigResource, Collection<AlterConfigOp>> day = Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, kafka.topics().events("accounts")),
                List.of(new AlterConfigOp(
                        new ConfigEntry("max.compaction.lag.ms", "86400000"), AlterConfigOp.OpType.SET)));
        assertThat(cluster.admin().incrementalAlterConfigs(day).all()).succeedsWithin(Duration.ofSeconds(30));
        assertThat(Remains.of(kafka, domains, event, List.of()))
                .extracting(Remains.Rest::until)
                .contains("until the cleaner comes, at the latest 1 d from now (max.compaction.lag.ms)");
    }

    private static KafkaAccess access(KafkaCluster cluster) {
        return new KafkaAccess(
                cluster.bootstrapServers(), null, new Topics(cluster.uniqueName("erase") + "."), Map.of());
    }
}
