package dev.annals.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.api.View;
import dev.annals.embedded.JvmProcess;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.orders.CountrySalesView;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderLine;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.Workers;
import dev.annals.service.views.ViewRegistry;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Views that are built from old events in memory, on a real broker, four partitions and two projectors. */
@Tag("long")
@WithKafka(registry = true)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class BulkBuildIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** Less than a request to Kafka may take. */
    private static final Duration PROMPTLY = Duration.ofSeconds(25);

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final int ORDERS = 1_000;

    /** A build of so many takes seconds. */
    private static final int MANY_ORDERS = 60_000;

    private static final List<String> COUNTRIES = List.of("France", "Norway", "Eire");
    private static final CountrySalesView SALES = new CountrySalesView();

    private final KafkaCluster kafka;

    @TempDir
    private Path folder;

    private int orderNumber;

    BulkBuildIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void writes_each_entry_and_row_once_and_the_application_goes_on() throws ExecutionException, InterruptedException {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        try (ViewRegistry registry = registry(installation);
                Service one = new Service("projector");
                Service two = new Service("projector");
                EventLog<OrderEvent> orders = installation.orders()) {
            write(orders, ORDERS);
            installation.start(one, "one");
            installation.start(two, "two");
            awaitLive(registry, SALES);

            // Not before the application has restored its stores and goes on: it commits with metadata, the builder
            // without.
            assertThat(committed(installation).values())
                    .isNotEmpty()
                    .allSatisfy(next -> assertThat(next.metadata()).isNotEmpty());
            assertThat(installation.rows().of(SALES)).isEqualTo(orders.rowsOf(SALES));
            assertThat(kafka.records(changelog(installation, "aggregates"))).hasSize(ORDERS);
            assertThat(kafka.records(changelog(installation, "groups"))).hasSize(COUNTRIES.size());
            assertThat(kafka.records(installation.topics().view(SALES.name(), 1)))
                    .hasSize(COUNTRIES.size());

            write(orders, ORDERS);
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(installation.rows().of(SALES)).isEqualTo(orders.rowsOf(SALES)));
        }
    }

    /** @param before orders that can be folded: with none of them nothing is written yet when the fold fails */
    @ParameterizedTest
    @ValueSource(ints = {0, ORDERS})
    void leaves_to_the_application_what_it_can_not_fold(int before) {
        Installation installation = Installation.of(kafka, folder, new Domains(List.of(new FaultySales.Only())));
        ViewId view = ViewId.first(new FaultySales());
        try (ViewRegistry registry = registry(installation);
                Service one = new Service("projector");
                EventLog<OrderEvent> orders = installation.orders()) {
            write(orders, before);
            orders.append("lost", placed(FaultySales.UNKNOWN_TO_THE_FOLD));
            orders.flush();
            installation.start(one, "one");

            await().atMost(PROMPTLY).until(() -> registry.stop(view) != null);
            assertThat(String.valueOf(registry.stop(view))).contains("no such country: Atlantis");
        }
    }

    /** Killed with -9 when a part of it is written: nobody ever sees that part, and whoever comes next writes all. */
    @Test
    void a_build_that_is_killed_in_the_middle_is_made_anew() throws InterruptedException, ExecutionException {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        try (ViewRegistry registry = registry(installation);
                EventLog<OrderEvent> orders = installation.orders()) {
            write(orders, MANY_ORDERS);
            try (JvmProcess killed = ProjectorProcess.launch(folder.resolve("killed"), installation.settings())) {
                await().atMost(LIMIT).pollInterval(LOOK_EVERY).until(() -> isWriting(installation));
                killed.kill();
            }
            assertThat(committed(installation)).isEmpty();
            try (JvmProcess next = ProjectorProcess.start(folder.resolve("next"), installation.settings())) {
                assertThat(next.pid()).isPositive();
                awaitLive(registry, SALES);

                assertThat(installation.rows().of(SALES)).isEqualTo(orders.rowsOf(SALES));
                assertThat(kafka.records(changelog(installation, "aggregates"))).hasSize(MANY_ORDERS);
                assertThat(kafka.records(installation.topics().view(SALES.name(), 1)))
                        .hasSize(COUNTRIES.size());
            }
        }
    }

    private static ViewRegistry registry(Installation installation) {
        ViewRegistry registry = new ViewRegistry(
                ServiceConfig.of(Settings.of(installation.settings()), 0), new Workers(new SimpleMeterRegistry()));
        registry.start();
        return registry;
    }

    private static void awaitLive(ViewRegistry registry, View<?, ?> view) {
        await().atMost(LIMIT).until(() -> {
            Generation live = registry.generations().live(view.name());
            return live != null && live.view().generation() == 1;
        });
    }

    private static String group(Installation installation) {
        return installation.topics().prefix() + ViewTopology.applicationId(ViewId.first(SALES));
    }

    private static String changelog(Installation installation, String store) {
        return ViewTopology.changelog(group(installation), store);
    }

    private boolean isWriting(Installation installation) throws InterruptedException, ExecutionException {
        String id = ViewTopology.builders(group(installation));
        try {
            return kafka.admin()
                            .describeTransactions(List.of(id))
                            .description(id)
                            .get()
                            .state()
                    == TransactionState.ONGOING;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransactionalIdNotFoundException) {
                return false;
            }
            throw e;
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(Installation installation)
            throws InterruptedException, ExecutionException {
        return kafka.admin()
                .listConsumerGroupOffsets(group(installation))
                .partitionsToOffsetAndMetadata()
                .get();
    }

    private void write(EventLog<OrderEvent> orders, int count) {
        for (int i = 0; i < count; i++) {
            String id = "order-" + orderNumber++;
            orders.append(id, placed(COUNTRIES.get(i % COUNTRIES.size())));
            if (i % 4 == 0) {
                orders.append(id, new OrderCancelled("changed my mind"));
            }
        }
        orders.flush();
    }

    private static OrderPlaced placed(String country) {
        BigDecimal price = new BigDecimal("1.25");
        return new OrderPlaced("ann", country, "EUR", null, List.of(new OrderLine("sku", "Thing", 1, price)), price);
    }
}
