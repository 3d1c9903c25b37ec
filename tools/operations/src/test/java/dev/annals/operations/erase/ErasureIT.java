package dev.annals.operations.erase;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.engine.kafka.Topics;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.erase.Erasure.EventId;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@WithKafka
class ErasureIT {

    @Test
    void from_a_topic_without_compaction_nothing_is_erased(KafkaCluster cluster) {
        KafkaAccess kafka = new KafkaAccess(
                cluster.bootstrapServers(), null, new Topics(cluster.uniqueName("erase") + "."), Map.of());
        String events = kafka.topics().events("accounts");
        cluster.createTopic(events, 1, Map.of("cleanup.policy", "delete", "retention.ms", "-1"));

        assertThatThrownBy(() -> new Erasure(kafka).find(List.of(EventId.parse("accounts/ada/3"))))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContaining(events + " has cleanup.policy=delete: nothing can be erased from it");
    }
}
