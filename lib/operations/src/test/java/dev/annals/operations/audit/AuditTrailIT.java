package dev.annals.operations.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.accounts.AccountsDomain;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.audit.AuditTrail.Act;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a real broker, with what operations and services leave in the topics. */
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AuditTrailIT {

    private static final Instant MONDAY = Instant.parse("2026-11-30T10:00:00Z");
    private static final Instant TUESDAY = Instant.parse("2026-12-01T10:00:00Z");
    private static final Instant WEDNESDAY = Instant.parse("2026-12-02T10:00:00Z");

    private final KafkaCluster cluster;
    private final KafkaAccess kafka;
    private final Topics topics;
    private final AuditTrail trail;

    AuditTrailIT(KafkaCluster cluster) {
        this.cluster = cluster;
        this.topics = new Topics(cluster.uniqueName("audit") + ".");
        this.kafka = new KafkaAccess(cluster.bootstrapServers(), cluster.registryUrl(), topics, Map.of());
        this.trail = new AuditTrail(kafka, new InstalledDomains(List.of(new AccountsDomain())));
    }

    @BeforeEach
    void an_event_is_erased_a_record_of_a_view_is_passed_over_and_an_input_of_a_process() throws Exception {
        for (String topic : List.of(topics.views(), topics.events("accounts"), topics.journal("transfers"))) {
            cluster.createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
        }
        Headers ofNobody = new RecordHeaders();
        HeaderName.AUTH_ID.put(ofNobody, "eve"); // a principal's event, with no reason for anything
        send(topics.events("accounts"), new EventKey("ada", 2).toBytes(), new byte[1], MONDAY, ofNobody);
        send(
                topics.events("accounts"),
                new EventKey("ada", 3).toBytes(),
                null,
                TUESDAY,
                said("ann", "request 17", TUESDAY));
        send(
                topics.views(),
                "skip/country-sales/1/shop.orders.events-0@7".getBytes(UTF_8),
                "{}".getBytes(UTF_8),
                WEDNESDAY,
                said("bob", "a bug", WEDNESDAY));
        Headers ofEntry = new RecordHeaders();
        HeaderName.TIME.put(ofEntry, "2020-01-01T00:00:00Z");
        Instruction.copy(said("cy", "booked by hand", MONDAY), ofEntry);
        send(
                topics.journal("transfers"),
                new EventKey("ada~1", 2).toBytes(),
                new byte[1],
                Instant.parse("2020-01-01T00:00:00Z"),
                ofEntry);
    }

    private static Headers said(String actor, String reason, Instant time) {
        Headers headers = new RecordHeaders();
        new Instruction(actor, reason, time).putInto(headers);
        return headers;
    }

    private void send(String topic, byte[] key, byte @Nullable [] value, Instant time, Headers headers)
            throws Exception {
        try (Producer<byte[], byte[]> producer = kafka.newProducer()) {
            var unused = producer.send(new ProducerRecord<>(topic, 0, time.toEpochMilli(), key, value, headers))
                    .get();
        }
    }

    @Test
    void acts_are_listed_by_their_times_with_who_and_why() {
        List<Act> acts = trail.read(null, 10);

        assertThat(acts)
                .extracting(act -> "%s %s (%s) %s %s: %s"
                        .formatted(act.time(), act.actor(), act.actorType(), act.action(), act.subject(), act.reason()))
                .containsExactly(
                        MONDAY + " cy (unknown) skip processes/transfers/ada~1/2: booked by hand",
                        TUESDAY + " ann (unknown) erase accounts/ada/3: request 17",
                        WEDNESDAY + " bob (unknown) skip country-sales/1/shop.orders.events-0@7: a bug");
        assertThat(acts.getLast().place()).hasToString(topics.views() + "-0@0");
    }

    @Test
    void since_and_limit_leave_the_latest() {
        assertThat(trail.read(TUESDAY, 10)).extracting(Act::actor).containsExactly("ann", "bob");
        assertThat(trail.read(WEDNESDAY, 10)).extracting(Act::actor).containsExactly("bob");
        assertThat(trail.read(WEDNESDAY.plusSeconds(1), 10)).isEmpty();
        assertThat(trail.read(null, 2)).extracting(Act::actor).containsExactly("ann", "bob");
    }

    @Test
    void an_installation_that_is_not_there_is_said_to_be_none() {
        AuditTrail elsewhere = new AuditTrail(
                new KafkaAccess(cluster.bootstrapServers(), cluster.registryUrl(), new Topics("elsewhere."), Map.of()),
                new InstalledDomains(List.of(new AccountsDomain())));

        assertThatThrownBy(() -> elsewhere.read(null, 10))
                .hasMessageContaining("there is no topic elsewhere.annals.views");
    }
}
