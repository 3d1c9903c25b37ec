package dev.annals.cli.coldstart;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.engine.deciding.CommandTopology;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.notes.Generation;
import dev.annals.engine.notes.Generation.Status;
import dev.annals.engine.notes.ViewCode;
import dev.annals.engine.notes.ViewId;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The command on a real broker; the test makes the topics that services would. */
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ColdStartIT {

    private final KafkaCluster cluster;
    private final KafkaAccess kafka;

    ColdStartIT(KafkaCluster cluster) {
        this.cluster = cluster;
        this.kafka = new KafkaAccess(
                cluster.bootstrapServers(),
                cluster.registryUrl(),
                new Topics(cluster.uniqueName("cold") + "."),
                Map.of("linger.ms", "0"));
        cluster.createTopic(kafka.topics().views(), 1, Map.of("cleanup.policy", "compact"));
    }

    private void topic(String name, int records) {
        cluster.createTopic(name, 4, Map.of());
        try (Producer<byte[], byte[]> producer = kafka.newProducer(new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                var unused = producer.send(new ProducerRecord<>(name, i % 4, new byte[] {(byte) i}, new byte[1]));
            }
            producer.flush();
        }
    }

    private void note(ViewId view, Status status) {
        try (Producer<byte[], byte[]> producer = kafka.newProducer(new ByteArraySerializer())) {
            var unused = producer.send(new Generation(view, new ViewCode(1, "a"), status, Map.of(), Instant.now())
                    .toRecord(kafka.topics()));
            producer.flush();
        }
    }

    private String group(ViewId view) {
        return kafka.topics().prefix() + ViewTopology.applicationId(view);
    }

    private List<String> coldStart(String... more) {
        StringWriter out = new StringWriter();
        String[] args = {
            "--bootstrap",
            kafka.bootstrapServers(),
            "--topics-prefix",
            kafka.topics().prefix()
        };
        int code = new CommandLine(new ColdStartCommand())
                .setOut(new PrintWriter(out, true))
                .execute(Stream.concat(List.of(args).stream(), List.of(more).stream())
                        .toArray(String[]::new));
        assertThat(code).isZero();
        return out.toString().lines().map(line -> line.replaceAll(" +", " ")).toList();
    }

    @Test
    void lists_what_each_service_reads_of_types_and_of_the_live_versions_of_views() {
        Topics topics = kafka.topics();
        ViewId replaced = new ViewId("country-sales", 1);
        ViewId live = new ViewId("country-sales", 2);
        ViewId coming = new ViewId("country-sales", 3);
        topic(topics.events("orders"), 1_234);
        topic(CommandTopology.changelog(topics, "orders"), 56);
        topic(topics.snapshots("orders"), 7);
        for (ViewId view : List.of(replaced, live, coming)) {
            topic(topics.view(view.name(), view.generation()), 8);
            topic(ViewTopology.changelog(group(view), "aggregates"), 9);
            topic(ViewTopology.changelog(group(view), "groups"), 10);
            topic(ViewTopology.partsTopic(group(view)), 11);
        }
        note(replaced, Status.REPLACED);
        note(live, Status.LIVE);
        note(coming, Status.BUILDING);

        assertThat(coldStart().stream().skip(1).collect(joining("\n")).replace(topics.prefix(), ""))
                .isEqualTo("""
                        command-service orders stores 56 annals-command-orders-commands-store-changelog
                        query-service orders events 1,234 orders.events
                        query-service orders snapshots 7 annals-query-orders.events-snapshots-kept-changelog
                        projector-service country-sales stores 9 annals-view-country-sales-2-aggregates-changelog
                        projector-service country-sales stores 10 annals-view-country-sales-2-groups-changelog
                        query-service country-sales rows 8 country-sales.view.2""");
    }

    @Test
    void says_the_same_to_machines() {
        topic(kafka.topics().events("accounts"), 3);

        assertThat(coldStart("--json"))
                .containsExactly(
                        "[{\"service\":\"query-service\",\"of\":\"accounts\",\"kind\":\"events\",\"topic\":\"%s\",\"records\":3}]"
                                .formatted(kafka.topics().events("accounts")));
    }
}
