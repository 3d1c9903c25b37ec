package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.query.Instance.Response;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ranges of rows that are on two instances, read page by page from either in turn. */
@Tag("long")
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RangesIT {

    private static final int ROWS = 80;
    private static final int RANGES = 15;
    private static final Instant NEW_YEAR = Instant.parse("2011-01-01T00:00:00Z");
    private static final List<String> COUNTRIES = List.of("Austria", "France", "a..b", "Éire");

    private record Order(
            String id,
            BigDecimal total,
            Instant placedAt,
            String country,
            @Nullable String customer) {}

    private final Installation installation;
    private final Random random = new Random(20_261_201);
    private final List<Order> orders = new ArrayList<>();
    private List<Instance> instances;

    RangesIT(KafkaCluster kafka) {
        installation = new Installation(kafka);
    }

    @BeforeAll
    void start(@TempDir Path state) {
        instances = List.of(installation.start(state.resolve("one")), installation.start(state.resolve("two")));
        installation.awaitReady();
        for (int i = 0; i < ROWS; i++) {
            Order order = new Order(
                    "o-%02d".formatted(i),
                    BigDecimal.valueOf(random.nextInt(-200, 200), random.nextInt(5)),
                    NEW_YEAR.plusMillis(random.nextInt(-100_000, 100_000)),
                    COUNTRIES.get(i % COUNTRIES.size()),
                    random.nextBoolean() ? "c" : null);
            orders.add(order);
            Map<String, String> fields = new HashMap<>();
            fields.put("total", order.total().toPlainString());
            fields.put("placedAt", order.placedAt().toString());
            fields.put("country", order.country());
            fields.put("customerId", order.customer());
            installation.row("orders.view.2", "OrderRow", order.id(), 1, fields);
        }
        orders.forEach(order -> instances.getFirst().await("/v1/orders/" + order.id()));
        await().atMost(Instance.READY_LIMIT).until(() -> instances.stream().allMatch(each -> partitionsHere(each) > 0));
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    /** Those of which this instance gives another a part of a range. */
    private static long partitionsHere(Instance instance) {
        return IntStream.range(0, Installation.PARTITIONS)
                .mapToObj(partition -> instance.get(
                        "/v1/orders?total=0..",
                        "X-Annals-Hop",
                        "1",
                        "X-Annals-Generation",
                        "2",
                        "X-Annals-Partitions",
                        Integer.toString(partition)))
                .filter(part -> part.status() == 200)
                .count();
    }

    private List<String> read(String parameters) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            String page = "/v1/orders?limit=%d&%s%s"
                    .formatted(1 + random.nextInt(12), parameters, cursor == null ? "" : "&cursor=" + cursor);
            Response response = instances.get(random.nextInt(instances.size())).get(page);
            assertThat(response.status()).as(page).isEqualTo(200);
            response.json().get("items").forEach(item -> ids.add(item.get("id").textValue()));
            cursor = response.json().get("nextCursor").textValue();
        } while (cursor != null);
        return ids;
    }

    private void assertRead(String parameters, Predicate<Order> expected) {
        assertThat(read(parameters))
                .as(parameters)
                .isEqualTo(orders.stream().filter(expected).map(Order::id).toList());
    }

    private Order any() {
        return orders.get(random.nextInt(ROWS));
    }

    @Test
    void pages_of_a_range_have_the_rows_that_a_look_at_all_of_them_finds_in_key_order() {
        for (int i = 0; i < RANGES; i++) {
            BigDecimal one = any().total();
            BigDecimal low = one.min(any().total());
            Instant time = any().placedAt();
            String country = any().country();

            assertRead(
                    "total=%s..%s".formatted(low.toPlainString(), one.toPlainString()),
                    order -> order.total().compareTo(low) >= 0 && order.total().compareTo(one) <= 0);
            assertRead(
                    "placedAt=%s..".formatted(time), order -> !order.placedAt().isBefore(time));
            assertRead(
                    "placedAt=..%s&total=%s..&country=%s"
                            .formatted(
                                    time,
                                    low.toPlainString(),
                                    URLEncoder.encode(literal(country), StandardCharsets.UTF_8)),
                    order -> !order.placedAt().isAfter(time)
                            && order.total().compareTo(low) >= 0
                            && order.country().equals(country));
        }
    }

    private static String literal(String text) {
        return text.contains("..") ? '"' + text + '"' : text;
    }

    @Test
    void texts_are_in_the_order_of_code_points() {
        assertRead("country=F..b", order -> List.of("France", "a..b").contains(order.country()));
        assertRead("country=b..", order -> order.country().equals("Éire"));
    }

    @Test
    void a_row_without_a_value_is_in_no_range() {
        assertRead("customer=..c", order -> order.customer() != null);
    }
}
