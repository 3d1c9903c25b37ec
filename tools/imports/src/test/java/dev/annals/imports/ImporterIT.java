package dev.annals.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.imports.Importer.Run;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithKafka
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ImporterIT {

    private static final int PARTITIONS = 3;
    private static final ProgressListener SILENT = (task, done, total) -> {};
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaCluster cluster;
    private final KafkaAccess kafka;
    private @Nullable Responder responder;
    private final List<CommandResult> settled = new ArrayList<>();

    ImporterIT(KafkaCluster cluster) {
        this.cluster = cluster;
        this.kafka = new KafkaAccess(
                cluster.bootstrapServers(),
                cluster.registryUrl(),
                new Topics(cluster.uniqueName("import") + "."),
                Map.of());
    }

    @BeforeEach
    void create_topics() {
        for (String type : List.of("orders", "accounts")) {
            cluster.createTopic(kafka.topics().commands(type), PARTITIONS, Map.of());
            cluster.createTopic(kafka.topics().results(type), PARTITIONS, Map.of());
        }
    }

    @AfterEach
    void stop_the_responder() throws InterruptedException {
        if (responder != null) {
            responder.stop();
        }
    }

    @Test
    void commands_stand_in_the_topic_as_the_contract_says() {
        respondTo("accounts");
        importing(Files.berka("25,1,1996-07-28,credit,credit in cash,,900.00,900.00"));

        List<ConsumerRecord<byte[], byte[]>> records =
                cluster.records(kafka.topics().commands("accounts"));
        assertThat(records).hasSize(2);
        ConsumerRecord<byte[], byte[]> deposit = records.getLast();
        assertThat(new String(deposit.key(), StandardCharsets.UTF_8)).isEqualTo("25");
        assertThat(deposit.partition()).isEqualTo(AggregateIds.partition("25", PARTITIONS));
        assertThat(HeaderName.SPEC_VERSION.in(deposit.headers())).isEqualTo("1.0");
        assertThat(HeaderName.ID.in(deposit.headers())).isEqualTo("berka/25/1");
        assertThat(HeaderName.TYPE.in(deposit.headers())).isEqualTo("annals.accounts.Deposit");
        assertThat(HeaderName.SOURCE.in(deposit.headers())).isEqualTo("/annals/import/berka");
        assertThat(HeaderName.TIME.in(deposit.headers())).isEqualTo("1996-07-28T00:00:00Z");
        assertThat(HeaderName.EXPECTED_VERSION.in(deposit.headers())).isEqualTo("1");
        GenericRecord value =
                (GenericRecord) kafka.serdes().newDeserializer().deserialize(deposit.topic(), deposit.value());
        assertThat(value.getSchema().getFullName()).isEqualTo("annals.accounts.Deposit");
        assertThat(value.get("reference")).hasToString("credit in cash");
    }

    @Test
    void every_command_gets_its_result_through_a_window_smaller_than_the_input() {
        respondTo("orders");
        Run run = importing(Files.retail(sales(500)));

        assertThat(run.survey().commands()).isEqualTo(500);
        assertThat(run.tally().accepted).isEqualTo(499);
        assertThat(run.tally().rejected).containsEntry("invalid-quantity", 1L);
        assertThat(run.tally().replayed).isZero();
        assertThat(settled).hasSize(500);
    }

    @Test
    void a_second_import_gets_the_same_results_as_replays() {
        respondTo("orders");
        importing(Files.retail(sales(50)));
        Run again = importing(Files.retail(sales(50)));

        assertThat(again.tally().accepted).isEqualTo(50);
        assertThat(again.tally().newlyAccepted).isZero();
        assertThat(again.tally().replayed).isEqualTo(50);
    }

    @Tag("heavy")
    @Test
    void a_broker_that_is_killed_and_comes_back_loses_nothing() {
        respondTo("orders");
        Run run = importing(Files.retail(sales(2_000)), done -> {
            if (done == 200) {
                cluster.broker().kill();
                cluster.broker().restart();
            }
        });

        assertThat(run.tally().results).isEqualTo(2_000);
    }

    @Test
    void a_missing_result_ends_the_import_and_is_named() {
        OnlineRetail source = Files.retail(sale(Responder.IGNORED), sale("1"));
        respondTo("orders");
        Importer impatient = new Importer(kafka, Duration.ofSeconds(3), 100);

        assertThatThrownBy(() -> impatient.run(source, (note, result) -> settled.add(result), SILENT))
                .isInstanceOf(ImportFailedException.class)
                .hasMessageContainingAll("without one", "online-retail/404", "again is safe");
    }

    @Test
    void topics_that_are_not_there_are_named() {
        KafkaAccess elsewhere =
                new KafkaAccess(kafka.bootstrapServers(), kafka.registryUrl(), new Topics("no-such."), Map.of());

        assertThatThrownBy(() -> new Importer(elsewhere)
                        .run(Files.retail(sale("1")), (note, result) -> settled.add(result), SILENT))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContainingAll("no-such.orders.results", "prefix");
    }

    private void respondTo(String type) {
        responder = new Responder(kafka, type);
    }

    private Run importing(CommandSource<?> source) {
        return importing(source, done -> {});
    }

    private <N> Run importing(CommandSource<N> source, LongConsumer progress) {
        return new Importer(kafka, PATIENCE, 100)
                .run(source, (note, result) -> settled.add(result), (task, done, total) -> progress.accept(done));
    }

    /** From 500 on, so that 500 have the rejected one among them. */
    private static String[] sales(int count) {
        return IntStream.range(0, count)
                .mapToObj(it -> sale(Integer.toString(it + 500)))
                .toArray(String[]::new);
    }

    private static String sale(String invoice) {
        return invoice + ",A,a,1,2010-12-01 08:26:00,1,,France";
    }
}
