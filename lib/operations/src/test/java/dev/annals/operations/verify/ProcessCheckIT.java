package dev.annals.operations.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.ServiceClient;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.verify.Comparison.Difference;
import dev.annals.operations.verify.Verification.ProcessReport;
import dev.annals.testsupport.http.FakeService;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Journals on a real broker against what a query service says. */
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ProcessCheckIT {

    private static final int PARTITIONS = 4;
    private static final String A = "{\"id\":\"a\",\"version\":2,\"status\":\"ENDED\",\"reason\":null,\"timers\":[],"
            + "\"unanswered\":[],\"state\":{\"answers\":%d}}";
    private static final String B = "{\"id\":\"b\",\"version\":1,\"status\":\"RUNNING\",\"reason\":null,\"timers\":[],"
            + "\"unanswered\":[{\"commandId\":\"closings/b/1\",\"aggregateType\":\"accounts\",\"aggregateId\":\"x\","
            + "\"type\":\"annals.accounts.CloseAccount\"}],\"state\":{\"answers\":0}}";

    private final KafkaAccess kafka;
    private final FakeService queries = new FakeService();

    ProcessCheckIT(KafkaCluster cluster) throws IOException {
        kafka = new KafkaAccess(
                cluster.bootstrapServers(),
                cluster.registryUrl(),
                new Topics(cluster.uniqueName("process-check") + "."),
                Map.of());
        cluster.createTopic(kafka.topics().journal("closings"), PARTITIONS, Map.of("cleanup.policy", "compact"));
    }

    @BeforeEach
    void write_journals() {
        entry("a", 1, Closings.due(), Closings.closes(1));
        entry("a", 2, Closings.answered(1), Closings.end());
        entry("b", 1, Closings.due(), Closings.closes(1));
    }

    @AfterEach
    void stop() {
        queries.close();
    }

    private void entry(String id, long version, GenericRecord input, GenericRecord... effects) {
        String topic = kafka.topics().journal("closings");
        try (Producer<byte[], byte[]> producer = kafka.newProducer();
                Serializer<Object> serializer = kafka.serdes().newSerializer()) {
            var unused = producer.send(new ProducerRecord<>(
                    topic,
                    AggregateIds.partition(id, PARTITIONS),
                    new EventKey(id, version).toBytes(),
                    serializer.serialize(topic, Closings.entry(input, effects))));
        }
    }

    private ProcessReport verify() {
        return Objects.requireNonNull(new Verification(
                        kafka,
                        Closings.DOMAINS,
                        () -> new ServiceClient("query service", URI.create(queries.url())),
                        "",
                        new Verification.Limits(Duration.ofSeconds(5), 10, Duration.ofHours(24)))
                .run("closings")
                .process());
    }

    @Test
    void what_is_served_as_the_journals_say_is_right() {
        queries.answer(200, A.formatted(1)).answer(200, B);

        ProcessReport report = verify();

        assertThat(report.isRight()).as(report.toString()).isTrue();
        assertThat(report.journals().events()).isEqualTo(3);
        assertThat(report.journals().aggregates()).isEqualTo(2);
        assertThat(report.instances().expected()).isEqualTo(report.instances().found());
        assertThat(queries.requests())
                .extracting(FakeService.Request::target)
                .contains("/v1/processes/closings/a/state?version=2&min_version=2&timeout=5");
    }

    @Test
    void an_instance_that_is_served_otherwise_or_not_at_all_is_found() {
        queries.answer(200, A.formatted(2)).answer(404, "{\"code\":\"instance-not-found\"}");

        ProcessReport report = verify();

        assertThat(report.isRight()).isFalse();
        assertThat(report.instances().differences())
                .extracting(Difference::key, Difference::kind)
                .containsExactly(tuple("a", Difference.Kind.DIFFERENT), tuple("b", Difference.Kind.MISSING));
    }
}
