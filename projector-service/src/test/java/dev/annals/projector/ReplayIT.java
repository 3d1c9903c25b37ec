package dev.annals.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.Generations;
import dev.annals.engine.viewregistry.RegistryWriter;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.orders.CountrySalesView;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderLine;
import dev.annals.orders.OrdersDomain;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generations of a view on a real broker: four partitions, two projectors of which one goes, and events all the while.
 */
@WithKafka(registry = true)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@Tag("heavy")
class ReplayIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int EVENTS = 400;

    /** Less than what views fold in that time on a machine that has other things to do. */
    private static final Duration WRITE_EVERY = Duration.ofMillis(500);

    private static final List<String> COUNTRIES = List.of("France", "Norway", "Eire");
    private static final CountrySalesView SALES = new CountrySalesView();

    private final KafkaCluster kafka;
    private final Random random = new Random(20_261_122);

    @TempDir
    private Path folder;

    private int orderNumber;

    ReplayIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void a_replay_takes_over_while_events_come_and_a_projector_goes() throws ExecutionException, InterruptedException {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        try (ViewRegistry registry = registry(installation);
                Service one = new Service("projector");
                EventLog<OrderEvent> orders = installation.orders()) {
            installation.start(one, "one");
            write(orders);
            try (Service two = new Service("projector")) {
                installation.start(two, "two");
                write(orders);
                replay(registry);
                write(orders);
            }
            await().atMost(LIMIT).pollInterval(WRITE_EVERY).until(() -> {
                write(orders);
                return status(registry, 2) == Status.LIVE;
            });
            assertThat(status(registry, 1)).isEqualTo(Status.REPLACED);
            write(orders);

            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(installation.rows().of(SALES, 2)).isEqualTo(orders.rowsOf(SALES)));
            assertThat(installation.rows().of(SALES, 1)).isNotEqualTo(orders.rowsOf(SALES));

            edit(registry, all -> all.dropped(SALES.name(), Instant.now()));
            await().atMost(LIMIT).until(() -> status(registry, 1) == Status.GONE);
            assertThat(topicsOf(installation, 1)).isEmpty();
            assertThat(topicsOf(installation, 2)).hasSize(4);
            assertThat(folder.resolve("one")
                            .resolve(installation.topics().prefix() + ViewTopology.applicationId(id(1))))
                    .doesNotExist();
        }
    }

    @Tag("long")
    @Test
    void what_is_cancelled_leaves_nothing_and_no_reader_notices() throws ExecutionException, InterruptedException {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        try (ViewRegistry registry = registry(installation);
                Service one = new Service("projector");
                EventLog<OrderEvent> orders = installation.orders()) {
            installation.start(one, "one");
            write(orders);
            replay(registry);
            edit(registry, all -> all.cancelled(SALES.name(), Instant.now()));
            write(orders);

            await().atMost(LIMIT).until(() -> status(registry, 2) == Status.GONE);
            assertThat(status(registry, 1)).isEqualTo(Status.LIVE);
            assertThat(topicsOf(installation, 2)).isEmpty();
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(installation.rows().of(SALES, 1)).isEqualTo(orders.rowsOf(SALES)));
        }
    }

    /** By Kafka's own tool: all partitions of the group, those between the two steps of the sum among them. */
    @Tag("long")
    @Test
    void offsets_that_are_set_back_count_nothing_twice_and_build_the_view_anew()
            throws ExecutionException, InterruptedException {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        try (ViewRegistry registry = registry(installation);
                EventLog<OrderEvent> orders = installation.orders()) {
            try (Service one = new Service("projector")) {
                installation.start(one, "one");
                await().atMost(LIMIT).until(() -> registry.generations().live(SALES.name()) != null);
                write(orders);
                await().atMost(LIMIT)
                        .untilAsserted(() ->
                                assertThat(installation.rows().of(SALES, 1)).isEqualTo(orders.rowsOf(SALES)));
            }
            setBack(installation);
            try (Service again = new Service("projector")) {
                installation.start(again, "one");
                await().atMost(LIMIT).until(() -> status(registry, 2) == Status.LIVE);
                write(orders);

                await().atMost(LIMIT)
                        .untilAsserted(() ->
                                assertThat(installation.rows().of(SALES, 2)).isEqualTo(orders.rowsOf(SALES)));
            }
            assertThat(installation.rows().of(SALES, 1).values())
                    .allSatisfy(row -> assertThat(row.orders())
                            .isLessThanOrEqualTo(
                                    Objects.requireNonNull(orders.rowsOf(SALES).get(row.country()))
                                            .orders()));
        }
    }

    @Tag("long")
    @Test
    void a_view_that_is_added_is_built_from_the_first_event_before_it_is_live() {
        Installation old = Installation.of(kafka, folder, new Domains(List.of(new OrdersDomain())));
        Domains more = new Domains(List.of(new Places.With(Places.FIRST)));
        try (ViewRegistry registry = registry(old);
                EventLog<OrderEvent> orders = old.orders()) {
            try (Service before = new Service("projector")) {
                old.start(before, "one");
                write(orders);
                await().atMost(LIMIT).until(() -> status(registry, 1) == Status.LIVE);
            }
            try (Service after = new Service("projector")) {
                Installation now = new Installation(kafka, folder, more, old.settings());
                now.start(after, "one");
                await().atMost(LIMIT).until(() -> registry.generations().live(Places.NAME) != null);

                assertThat(now.rows().of(Places.FIRST)).hasSameSizeAs(orders.rowsOf(Places.FIRST));
                assertThat(registry.generations().of(Places.NAME))
                        .extracting(Generation::statusName)
                        .containsExactly("live");
            }
        }
    }

    /** As an author deploys it: the same name, another number, other rows. */
    @Tag("long")
    @Test
    void a_changed_fold_is_built_beside_the_live_one_and_takes_its_place() {
        Installation old = Installation.of(kafka, folder, new Domains(List.of(new Places.With(Places.FIRST))));
        try (ViewRegistry registry = registry(old);
                EventLog<OrderEvent> orders = old.orders()) {
            try (Service before = new Service("projector")) {
                old.start(before, "one");
                write(orders);
                await().atMost(LIMIT)
                        .untilAsserted(
                                () -> assertThat(old.rows().of(Places.FIRST)).hasSize(EVENTS));
            }
            try (Service after = new Service("projector")) {
                new Installation(kafka, folder, new Domains(List.of(new Places.With(Places.CHANGED))), old.settings())
                        .start(after, "one");
                await().atMost(LIMIT).until(() -> {
                    Generation live = registry.generations().live(Places.NAME);
                    return live != null && live.view().generation() == 2;
                });
                assertThat(old.rows().of(Places.FIRST, 2).values())
                        .hasSize(EVENTS)
                        .allSatisfy(row -> assertThat(row.country()).startsWith("*"));
            }
        }
    }

    private static ViewRegistry registry(Installation installation) {
        ViewRegistry registry = new ViewRegistry(
                ServiceConfig.of(Settings.of(installation.settings()), 0), new Workers(new SimpleMeterRegistry()));
        registry.start();
        return registry;
    }

    private static ViewId id(int generation) {
        return new ViewId(SALES.name(), generation);
    }

    private static Status status(ViewRegistry registry, int generation) {
        Generation one = registry.generations().get(id(generation));
        return one == null ? Status.BUILDING : one.status();
    }

    private interface Change {
        List<Generation> of(Generations all);
    }

    private static void edit(ViewRegistry registry, Change change) {
        RegistryWriter.Edit edit = state -> change.of(state.generations());
        assertThat(registry.edit(edit)).isNotEmpty();
    }

    private static void replay(ViewRegistry registry) {
        await().atMost(LIMIT).until(() -> registry.generations().live(SALES.name()) != null);
        edit(
                registry,
                all -> List.of(all.next(
                        SALES.name(),
                        Objects.requireNonNull(all.live(SALES.name())).code(),
                        Map.of(),
                        Instant.now())));
    }

    private Set<String> topicsOf(Installation installation, int generation)
            throws ExecutionException, InterruptedException {
        Topics topics = installation.topics();
        String group = topics.prefix() + ViewTopology.applicationId(id(generation));
        return kafka.admin().listTopics().names().get().stream()
                .filter(name -> name.startsWith(group + "-") || name.equals(topics.view(SALES.name(), generation)))
                .collect(Collectors.toSet());
    }

    private void setBack(Installation installation) throws ExecutionException, InterruptedException {
        String group = installation.topics().prefix() + ViewTopology.applicationId(id(1));
        await().atMost(LIMIT)
                .until(() -> kafka.admin().describeConsumerGroups(List.of(group)).all().get().values().stream()
                        .allMatch(each -> each.members().isEmpty()));
        Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
        kafka.admin()
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, any) -> first.put(partition, new OffsetAndMetadata(0)));
        assertThat(first.keySet()).anyMatch(each -> each.topic().endsWith("-parts-repartition"));
        // Streams deletes what it has read of its own topics: there the first that is left.
        kafka.admin()
                .listOffsets(
                        first.keySet().stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.earliest())))
                .all()
                .get()
                .forEach((partition, found) -> first.put(partition, new OffsetAndMetadata(found.offset())));
        kafka.admin().alterConsumerGroupOffsets(group, first).all().get();
        assertThat(Files.exists(folder.resolve("one").resolve(group))).isTrue();
    }

    private void write(EventLog<OrderEvent> orders) {
        for (int i = 0; i < EVENTS; i++) {
            String id = "order-" + orderNumber++;
            BigDecimal price = BigDecimal.valueOf(1L + random.nextInt(100_000), 4);
            String country = COUNTRIES.get(random.nextInt(COUNTRIES.size()));
            orders.append(
                    id,
                    new OrderPlaced(
                            "ann", country, "EUR", null, List.of(new OrderLine("sku", "Thing", 1, price)), price));
            if (random.nextInt(4) == 0) {
                orders.append(id, new OrderCancelled("changed my mind"));
            }
        }
        orders.flush();
    }
}
