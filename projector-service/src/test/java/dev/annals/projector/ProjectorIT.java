package dev.annals.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.api.AggregateType;
import dev.annals.api.View;
import dev.annals.embedded.JvmProcess;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import dev.annals.orders.CountrySalesView;
import dev.annals.orders.CustomerOrdersView;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderLinesChanged;
import dev.annals.orders.OrderEvent.OrderPaid;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderLine;
import dev.annals.orders.OrdersDomain;
import dev.annals.orders.OrdersView;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.http.HttpServer;
import dev.annals.service.http.Json;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Views of the real domains, from a real broker with four partitions, over crashes. */
@WithKafka(registry = true)
class ProjectorIT {

    private static final int PARTITIONS = 4;
    private static final int ORDERS_A_ROUND = 200;
    private static final int ROUNDS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> COUNTRIES = List.of("United Kingdom", "France", "EIRE", "Germany", "Norway");

    private final KafkaCluster kafka;
    private final Random random = new Random(20_261_122);

    @TempDir
    private Path folder;

    private Map<String, String> settings = Map.of();
    private ServiceConfig config = ServiceConfig.of(Settings.of(Map.of("kafka.bootstrap.servers", "none:1")), 0);
    private Topics topics = new Topics("");
    private AvroSerdes serdes = config.values();

    ProjectorIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void configure() {
        settings = new TreeMap<>(Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "kafka.schema.registry.url", kafka.registryUrl(),
                "annals.topics.prefix", kafka.uniqueName("projector") + ".",
                "annals.topics.partitions", Integer.toString(PARTITIONS)));
        config = ServiceConfig.of(Settings.of(settings), 0);
        topics = config.topics();
        serdes = config.values();
        new TopicProvisioner(config).provision(Domains.load());
    }

    @Tag("long")
    @Test
    void killed_again_and_again_it_loses_nothing_and_counts_nothing_twice() {
        try (EventLog<OrderEvent> orders = orders();
                JvmProcess projector = ProjectorProcess.start(folder, settings)) {
            for (int round = 0; round < ROUNDS; round++) {
                int rowsBefore = rows().of(new OrdersView()).size();
                appendOrders(orders, round);
                await().atMost(LIMIT).until(() -> rows().of(new OrdersView()).size() > rowsBefore);
                projector.kill();
                projector.start();
            }
            assertViewsEqualTheFoldOf(orders);
        }
    }

    @Tag("long")
    @Test
    void two_instances_share_the_views_and_one_takes_over_from_the_other() {
        try (EventLog<OrderEvent> orders = orders();
                JvmProcess one = ProjectorProcess.start(folder.resolve("one"), settings);
                JvmProcess two = ProjectorProcess.start(folder.resolve("two"), settings)) {
            appendOrders(orders, 0);
            await().atMost(LIMIT).until(() -> !rows().of(new OrdersView()).isEmpty());
            one.kill();
            appendOrders(orders, 1);
            assertViewsEqualTheFoldOf(orders);

            one.start();
            two.stop();
            appendOrders(orders, 2);
            assertViewsEqualTheFoldOf(orders);
        }
    }

    @Test
    void an_event_that_is_sent_again_changes_nothing() throws Exception {
        try (Service service = new Service("projector");
                EventLog<OrderEvent> orders = orders()) {
            awaitReady(ProjectorService.start(service, anyPort(), Domains.load()));
            OrderPlaced placed = placed("France");
            orders.append("a", placed);
            orders.append("a", new OrderCancelled("changed my mind"));
            orders.append("b", placed);
            orders.sendAgain("a", 1, placed);
            orders.sendAgain("b", 1, placed);
            orders.append("c", placed);
            orders.flush();

            assertViewsEqualTheFoldOf(orders);
        }
    }

    @Tag("heavy")
    @Test
    void the_lag_is_zero_when_everything_is_folded() throws Exception {
        try (Service service = new Service("projector");
                EventLog<OrderEvent> orders = orders()) {
            appendOrders(orders, 0);
            HttpServer http = ProjectorService.start(service, anyPort(), Domains.load());
            awaitReady(http);

            await().atMost(LIMIT).untilAsserted(() -> {
                var views = Json.mapper().readTree(get(http, "/v1/views")).path("views");
                assertThat(views).hasSize(Domains.load().views().size()).allSatisfy(view -> {
                    assertThat(view.path("state").asText()).isEqualTo("RUNNING");
                    assertThat(view.path("lag").asLong(-1)).isZero();
                });
            });
            assertViewsEqualTheFoldOf(orders);
        }
    }

    private void appendOrders(EventLog<OrderEvent> orders, int round) {
        for (int i = 0; i < ORDERS_A_ROUND; i++) {
            String id = round + "-" + i;
            OrderPlaced placed = placed(COUNTRIES.get(random.nextInt(COUNTRIES.size())));
            orders.append(id, placed);
            switch (random.nextInt(4)) {
                case 0 -> orders.append(id, new OrderCancelled("test"));
                case 1 -> orders.append(id, new OrderPaid("card", placed.total()));
                case 2 -> orders.append(id, new OrderLinesChanged(lines(1), total(lines(1))));
                default -> {
                    // as placed
                }
            }
        }
        orders.flush();
    }

    private OrderPlaced placed(String country) {
        List<OrderLine> lines = lines(1 + random.nextInt(3));
        return new OrderPlaced("customer-" + random.nextInt(20), country, "GBP", null, lines, total(lines));
    }

    private static List<OrderLine> lines(int count) {
        return List.copyOf(Collections.nCopies(count, new OrderLine("sku", "thing", 2, new BigDecimal("1.25"))));
    }

    private static BigDecimal total(List<OrderLine> lines) {
        return new BigDecimal("2.5").multiply(BigDecimal.valueOf(lines.size()));
    }

    private void assertViewsEqualTheFoldOf(EventLog<OrderEvent> orders) {
        assertEqual(new OrdersView(), orders);
        assertEqual(new CustomerOrdersView(), orders);
        assertEqual(new CountrySalesView(), orders);
    }

    private <R extends Record> void assertEqual(View<OrderEvent, R> view, EventLog<OrderEvent> orders) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(rows().of(view)).as(view.name()).isEqualTo(orders.rowsOf(view)));
    }

    private Rows rows() {
        return new Rows(kafka, topics, serdes);
    }

    private EventLog<OrderEvent> orders() {
        return log(new OrdersDomain().aggregate(), OrderEvent.class);
    }

    @SuppressWarnings({"unchecked", "unused"}) // the domain's events are of this class
    private <E> EventLog<E> log(AggregateType<?, ?, ?> type, Class<E> events) {
        AggregateBinding<?, ?, E> binding = (AggregateBinding<?, ?, E>) AggregateBinding.of(type);
        return new EventLog<>(binding, topics, PARTITIONS, serdes, kafka.bootstrapServers());
    }

    private ServiceConfig anyPort() {
        Map<String, String> own = new TreeMap<>(settings);
        own.put("annals.http.port", "0");
        own.put("annals.state.dir", folder.resolve("state").toString());
        return ServiceConfig.of(Settings.of(own), 0);
    }

    private static void awaitReady(HttpServer http) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(get(http, "/health/ready")).isEqualTo("{\"status\":\"ready\"}"));
    }

    private static String get(HttpServer http, String path) throws IOException {
        return ProjectorProcess.get(http.port(), path).body();
    }
}
