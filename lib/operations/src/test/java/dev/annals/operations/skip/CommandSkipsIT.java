package dev.annals.operations.skip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.CommandSkip;
import dev.annals.engine.viewregistry.RegistryReader;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of three commands in partition 1 the first is decided. */
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CommandSkipsIT {

    private static final Instruction INSTRUCTION =
            new Instruction("ann", "ticket 4711", Instant.parse("2026-12-02T10:00:00Z"));

    private final KafkaCluster cluster;
    private final KafkaAccess kafka;
    private final Topics topics;

    CommandSkipsIT(KafkaCluster cluster) {
        this.cluster = cluster;
        this.topics = new Topics(cluster.uniqueName("skip") + ".");
        this.kafka =
                new KafkaAccess(cluster.bootstrapServers(), cluster.registryUrl(), topics, Map.of("linger.ms", "0"));
    }

    @BeforeEach
    void send_commands() throws Exception {
        cluster.createTopic(topics.views(), 1, Map.of("cleanup.policy", "compact"));
        cluster.createTopic(topics.commands("orders"), 2, Map.of());
        try (Producer<byte[], byte[]> producer = kafka.newProducer()) {
            for (int i = 0; i < 3; i++) {
                var unused = producer.send(new ProducerRecord<>(topics.commands("orders"), 1, null, new byte[1]));
            }
        }
        cluster.admin()
                .alterConsumerGroupOffsets(
                        topics.commandGroup("orders"),
                        Map.of(new TopicPartition(topics.commands("orders"), 1), new OffsetAndMetadata(1)))
                .all()
                .get();
    }

    private CommandSkip skip(String type, int partition, long offset) {
        try (CommandSkips skips = new CommandSkips(kafka)) {
            return skips.skip(type, partition, offset, INSTRUCTION);
        }
    }

    @Test
    void it_is_noted_with_who_says_so_and_why() {
        CommandSkip noted = skip("orders", 1, 2);

        try (Broker broker = new Broker(kafka)) {
            assertThat(broker.notes().commandSkips()).containsExactly(noted);
        }
        assertThat(noted.place()).hasToString(topics.commands("orders") + "-1@2");
        ConsumerRecord<byte[], byte[]> record = cluster.records(topics.views()).getFirst();
        assertThat(new String(record.value(), UTF_8))
                .contains("\"actor\":\"ann\"", "\"reason\":\"ticket 4711\"", "\"offset\":2,");
        assertThat(HeaderName.AUTH_ID.in(record.headers())).isEqualTo("ann");
        assertThat(HeaderName.REASON.in(record.headers())).isEqualTo("ticket 4711");
    }

    @Test
    void what_is_not_there_or_is_decided_is_refused() {
        assertRefused("order", 1, 2, "there is no type order; there are: orders (is the prefix of topics right?)");
        assertRefused("orders", 2, 0, "has the partitions 0 to 1, and no 2");
        assertRefused("orders", 1, 3, "has no offset 3 yet: it ends at 3");
        assertRefused("orders", 0, 0, "has no offset 0 yet: it ends at 0");
        assertRefused("orders", 1, 0, "-1@0 is decided, or gone: the command service goes on at 1");
    }

    private void assertRefused(String type, int partition, long offset, String message) {
        assertThatThrownBy(() -> skip(type, partition, offset))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContaining(message);
        assertThat(cluster.records(topics.views())).isEmpty();
    }

    @Test
    void an_installation_without_the_topic_of_such_words_has_none() {
        assertThat(RegistryReader.readIfThere(
                                () -> kafka.clients().consumer(Map.of()), new Topics("elsewhere."), Broker.LIMIT)
                        .commandSkips())
                .isEmpty();
    }
}
