package dev.annals.cli.skipping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.notes.RecordPlace;
import dev.annals.engine.notes.Stop;
import dev.annals.engine.notes.ViewId;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The command on a real broker; the test writes what a projector would. */
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SkipIT {

    private static final ViewId ORDERS = new ViewId("orders", 2);

    private final KafkaCluster cluster;
    private final KafkaAccess kafka;
    private final RecordPlace place;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

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
        try (Notebook notebook = new Notebook(kafka)) {
            notebook.write(new Stop(ORDERS, place, "a/1", "garbage", Instant.parse("2026-11-22T10:00:00Z")));
        }
    }

    @Test
    void notes_the_skip_for_the_version_that_is_stopped_there() {
        assertThat(skip("orders", place.toString(), "--reason", "ticket 4711")).isZero();

        assertThat(notes())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("skip/orders/2/%s {".formatted(place))
                .contains("\"reason\":\"ticket 4711\"", "\"offset\":17,");
        assertThat(out.toString()).contains("orders, version 2, passes over %s".formatted(place));
    }

    @Test
    void prints_the_note_for_machines() {
        assertThat(skip("orders", place.toString(), "--reason", "ticket 4711", "--json"))
                .isZero();

        assertThat(out.toString())
                .startsWith("[{\"view\":\"orders\",\"version\":2,\"topic\":\"%s\",\"partition\":2,\"offset\":17,"
                        .formatted(place.topic()))
                .hasLineCount(1);
    }

    @Test
    void refuses_a_view_that_it_does_not_know() {
        assertThat(skip("order", place.toString(), "--reason", "x")).isEqualTo(1);

        assertThat(err.toString()).contains("there is no view order; there are: orders");
        assertThat(notes()).hasSize(1);
    }

    @Test
    void refuses_a_place_at_which_the_view_is_not_stopped() {
        RecordPlace next = new RecordPlace(place.topic(), 2, 18);

        assertThat(skip("orders", next.toString(), "--reason", "x")).isEqualTo(1);

        assertThat(err.toString()).contains("not stopped at %s, but at %s".formatted(next, place));
        assertThat(notes()).hasSize(1);
    }

    @Test
    void a_view_that_has_gone_on_is_not_stopped() throws Exception {
        cluster.admin()
                .alterConsumerGroupOffsets(
                        kafka.topics().prefix() + ViewTopology.applicationId(ORDERS),
                        Map.of(new TopicPartition(place.topic(), 2), new OffsetAndMetadata(18)))
                .all()
                .get();

        assertThat(skip("orders", place.toString(), "--reason", "x")).isEqualTo(1);
        assertThat(err.toString()).contains("but nowhere");
        assertThat(notes()).hasSize(1);
    }

    @Test
    void force_notes_it_for_the_newest_version_all_the_same() {
        RecordPlace next = new RecordPlace(place.topic(), 2, 18);

        assertThat(skip("orders", next.toString(), "--reason", "x", "--force")).isZero();

        assertThat(notes()).last().asString().startsWith("skip/orders/2/%s {".formatted(next));
    }

    @Test
    void what_is_no_place_and_no_reason_are_wrong_usage() {
        assertThat(skip("orders", "2:17", "--reason", "x")).isEqualTo(2);
        assertThat(skip("orders", place.toString())).isEqualTo(2);
        assertThat(skip("orders", place.toString(), "--reason", " ")).isEqualTo(2);
        assertThat(notes()).hasSize(1);
    }

    private List<String> notes() {
        return cluster.records(kafka.topics().views()).stream()
                .map(note -> new String(note.key(), UTF_8) + " " + new String(note.value(), UTF_8))
                .toList();
    }

    private int skip(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of(
                "--bootstrap",
                kafka.bootstrapServers(),
                "--topics-prefix",
                kafka.topics().prefix()));
        return new CommandLine(new SkipCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
