package dev.annals.operations.erase;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.erase.Erasure.EventId;
import dev.annals.operations.erase.JournalErasure.Held;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.verify.Closings;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Erasing from journals on a real broker; the test writes what a process service would. */
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class JournalErasureIT {

    private static final int PARTITIONS = 4;
    private static final EventId EVENT = EventId.parse("accounts/x/3");

    private final KafkaCluster cluster;
    private final KafkaAccess kafka;
    private final JournalErasure erasure;

    JournalErasureIT(KafkaCluster cluster) {
        this.cluster = cluster;
        this.kafka = new KafkaAccess(
                cluster.bootstrapServers(),
                cluster.registryUrl(),
                new Topics(cluster.uniqueName("erase") + "."),
                Map.of());
        this.erasure = new JournalErasure(kafka, Closings.DOMAINS);
        cluster.createTopic(journal(), PARTITIONS, Map.of("cleanup.policy", "compact"));
    }

    private String journal() {
        return kafka.topics().journal("closings");
    }

    private String inputs() {
        return kafka.topics().prefix() + "annals-process-closings-inputs-repartition";
    }

    /** a has ended, b runs, c is parked with the event; d has never been told of it. */
    @BeforeEach
    void write_journals() {
        entry("a", 1, Closings.entry(Closings.due()));
        entry("a", 2, Closings.entry(Closings.happened("x", 3), Closings.closes(1), Closings.end()));
        entry("b", 1, Closings.entry(Closings.happened("x", 3), Closings.closes(1)));
        entry("b", 2, Closings.entry(Closings.answered(1)));
        entry("c", 1, Closings.parked(Closings.happened("x", 3), "a bug"));
        entry("d", 1, Closings.entry(Closings.happened("x", 4)));
    }

    @Test
    void journals_that_have_ended_go_whole_and_services_are_told_of_the_others() {
        cluster.createTopic(inputs(), PARTITIONS, Map.of());
        List<Held> held = erasure.find(List.of(EVENT));
        assertThat(held)
                .containsExactly(
                        new Held(EVENT, "closings", "a", true, List.of(2L), 2),
                        new Held(EVENT, "closings", "b", false, List.of(1L), 2),
                        new Held(EVENT, "closings", "c", false, List.of(0L), 1));

        erasure.erase(held, new Instruction("ann", "request 17", Instant.parse("2026-12-02T10:00:00Z")));
        assertThat(cluster.records(journal()))
                .filteredOn(each -> each.value() == null)
                .extracting(each -> EventKey.parse(each.key()))
                .containsExactly(new EventKey("a", 1), new EventKey("a", 2));
        assertThat(Stream.concat(
                        cluster.records(journal()).stream().filter(each -> each.value() == null),
                        cluster.records(inputs()).stream()))
                .hasSize(4)
                .allSatisfy(each -> {
                    assertThat(HeaderName.AUTH_ID.in(each.headers())).isEqualTo("ann");
                    assertThat(HeaderName.AUTH_TYPE.in(each.headers())).isEqualTo("unknown");
                    assertThat(HeaderName.REASON.in(each.headers())).isEqualTo("request 17");
                    assertThat(HeaderName.TIME.in(each.headers())).isEqualTo("2026-12-02T10:00:00Z");
                });
        assertThat(cluster.records(inputs()))
                .extracting(JournalErasureIT::word)
                .containsExactlyInAnyOrder(
                        "b: erased 1 accounts " + EVENT.key(), "c: erased 0 accounts " + EVENT.key());
        assertThat(erasure.find(List.of(EVENT)))
                .as("what is done is done")
                .extracting(Held::instance)
                .containsExactly("b", "c");
    }

    private static String word(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), UTF_8) + ": " + HeaderName.INPUT.in(record.headers());
    }

    @Test
    void an_instance_that_waits_for_an_answer_needs_what_it_has_sent() {
        cluster.createTopic(inputs(), PARTITIONS, Map.of());
        entry("e", 1, Closings.entry(Closings.happened("x", 3), Closings.closes(1)));

        assertThatThrownBy(() -> erasure.find(List.of(EVENT)))
                .hasMessage(
                        "accounts/x/3 is in the journal of closings/e, which waits for the answer to closings/e/1: erase it when that has come; nothing is erased now");
    }

    @Test
    void without_a_process_service_nobody_can_be_told() {
        assertThatThrownBy(() -> erasure.find(List.of(EVENT))).hasMessageContaining("has not run here yet: start it");
    }

    private void entry(String id, long number, GenericRecord entry) {
        try (Producer<byte[], byte[]> producer = kafka.newProducer();
                Serializer<Object> serializer = kafka.serdes().newSerializer()) {
            var unused = producer.send(new ProducerRecord<>(
                    journal(),
                    AggregateIds.partition(id, PARTITIONS),
                    new EventKey(id, number).toBytes(),
                    serializer.serialize(journal(), entry)));
        }
    }
}
