package dev.annals.operations.skip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Skip;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a real broker; the test writes what a projector would. */
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SkipIT {

    private static final ViewId ORDERS = new ViewId("orders", 2);

    private final KafkaCluster cluster;
    private final KafkaAccess kafka;
    private final RecordPlace place;

    SkipIT(KafkaCluster cluster) {
        this.cluster = cluster;
        this.kafka = new KafkaAccess(
                cluster.bootstrapServers(),
                cluster.registryUrl(),
                new Topics(cluster.uniqueName("skip") + "."),
                Map.of("linger.ms", "0"));
        this.place = new RecordPlace(kafka.topics().events("orders"), 2, 17);
    }

    @BeforeEach
    void stopTheView() {
        cluster.createTopic(kafka.topics().views(), 1, Map.of("cleanup.policy", "compact"));
        cluster.createTopic(place.topic(), 4, Map.of());
        cluster.createTopic(kafka.topics().view("orders", 1), 1, Map.of());
        cluster.createTopic(kafka.topics().view("orders", 2), 1, Map.of());
        Stop stop = new Stop(ORDERS, place, "a/1", "garbage", Instant.parse("2026-11-22T10:00:00Z"));
        try (Producer<byte[], byte[]> producer = kafka.newProducer()) {
            var unused = producer.send(stop.toRecord(kafka.topics()));
        }
    }

    @Test
    void notes_the_skip_for_the_generation_that_is_stopped_there() {
        List<Skip> skips = skip("orders", place, false);

        assertThat(skips)
                .extracting(Skip::view, Skip::place, Skip::reason)
                .containsExactly(tuple(ORDERS, place, "ticket 4711"));
        assertThat(notes())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("skip/orders/2/%s {".formatted(place))
                .contains("\"reason\":\"ticket 4711\"", "\"offset\":17,");
    }

    @Test
    void refuses_a_view_that_it_does_not_know() {
        assertRefused("order", place, "there is no view order; there are: orders");
    }

    @Test
    void refuses_a_place_at_which_the_view_is_not_stopped() {
        RecordPlace next = new RecordPlace(place.topic(), 2, 18);

        assertRefused("orders", next, "not stopped at %s, but at %s".formatted(next, place));
    }

    @Test
    void a_view_that_has_gone_on_is_not_stopped() throws Exception {
        cluster.admin()
                .alterConsumerGroupOffsets(
                        kafka.topics().prefix() + ViewTopology.applicationId(ORDERS),
                        Map.of(new TopicPartition(place.topic(), 2), new OffsetAndMetadata(18)))
                .all()
                .get();

        assertRefused("orders", place, "but nowhere");
    }

    @Test
    void force_notes_it_for_the_newest_generation_all_the_same() {
        RecordPlace next = new RecordPlace(place.topic(), 2, 18);

        assertThat(skip("orders", next, true)).hasSize(1);
        assertThat(notes()).last().asString().startsWith("skip/orders/2/%s {".formatted(next));
    }

    private void assertRefused(String view, RecordPlace at, String message) {
        assertThatThrownBy(() -> skip(view, at, false))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContaining(message);
        assertThat(notes()).hasSize(1);
    }

    private List<Skip> skip(String view, RecordPlace at, boolean force) {
        try (Skips skips = new Skips(kafka)) {
            return skips.skip(view, at, new Instruction("ann", "ticket 4711", Instant.now()), force);
        }
    }

    private List<String> notes() {
        return cluster.records(kafka.topics().views()).stream()
                .map(note -> new String(note.key(), UTF_8) + " " + new String(note.value(), UTF_8))
                .toList();
    }
}
