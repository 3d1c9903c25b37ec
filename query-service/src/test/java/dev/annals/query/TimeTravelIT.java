package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.query.Installation.NewEvent;
import dev.annals.query.Instance.Response;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * States as they were, against a fold of the test's own over JSON: it knows nothing of the deciders. Of two instances
 * one keeps snapshots, and they answer alike.
 */
@Tag("long")
@WithKafka
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TimeTravelIT {

    private static final int QUESTIONS = 1_000;
    private static final int STREAMS = 40;
    private static final int MAX_BOOKINGS = 60;
    private static final Instant START = Instant.parse("2011-01-04T10:00:00Z");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Installation installation;
    private final Random random = new Random(20_261_122);
    private final Map<String, List<NewEvent>> orders = new HashMap<>();
    private final Map<String, List<NewEvent>> accounts = new HashMap<>();
    private List<Instance> services = List.of();

    TimeTravelIT(KafkaCluster kafka) {
        installation = new Installation(kafka);
    }

    @BeforeAll
    void start(@TempDir Path state, @TempDir Path stateWithSnapshots) {
        services = List.of(
                installation.start(state),
                installation.start(stateWithSnapshots, Map.of("annals.query.snapshot.every", "7")));
        installation.awaitReady();
        for (int i = 0; i < STREAMS; i++) {
            accounts.put("account-" + i, account());
            orders.put("order-" + i, order());
        }
        accounts.forEach((id, events) -> installation.events("accounts", id, events));
        orders.forEach((id, events) -> installation.events("orders", id, events));
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    @Test
    void an_order_at_a_version_is_the_fold_of_its_first_events() {
        for (int i = 0; i < QUESTIONS; i++) {
            String id = "order-" + random.nextInt(STREAMS);
            List<NewEvent> stream = orders.get(id);
            int version = 1 + random.nextInt(stream.size());

            Response response = services.get(i % 2)
                    .get("/v1/orders/%s/state?version=%d&min_version=%d&timeout=20"
                            .formatted(id, version, stream.size()));

            assertThat(response.status()).as(response.toString()).isEqualTo(200);
            assertThat(response.json().path("version").asInt()).isEqualTo(version);
            assertThat(seen(response.json().path("state")))
                    .as("%s at version %d", id, version)
                    .isEqualTo(foldedOrder(stream.subList(0, version)));
        }
    }

    @Test
    void an_account_at_a_time_is_the_fold_of_the_events_until_then() {
        for (int i = 0; i < QUESTIONS; i++) {
            String id = "account-" + random.nextInt(STREAMS);
            List<NewEvent> stream = accounts.get(id);
            Instant at = momentAround(stream);
            List<NewEvent> until =
                    stream.stream().filter(event -> !event.time().isAfter(at)).toList();

            Response response = services.get(i % 2)
                    .get("/v1/accounts/%s/state?at=%s&min_version=%d&timeout=20".formatted(id, at, stream.size()));

            if (until.isEmpty()) {
                assertThat(response.status()).isEqualTo(404);
                continue;
            }
            assertThat(response.status()).as(response.toString()).isEqualTo(200);
            assertThat(response.json().path("version").asInt()).isEqualTo(until.size());
            JsonNode state = response.json().path("state");
            assertThat(new BigDecimal(state.path("balance").textValue()))
                    .as("%s at %s", id, at)
                    .isEqualByComparingTo(balance(until));
        }
    }

    /** At an event, a microsecond beside one, before all, or after all. */
    private Instant momentAround(List<NewEvent> stream) {
        Instant time = stream.get(random.nextInt(stream.size())).time();
        return time.plusNanos(1_000L * (random.nextInt(3) - 1));
    }

    private List<NewEvent> account() {
        List<NewEvent> events = new ArrayList<>();
        add(
                events,
                "AccountOpened",
                JSON.objectNode().put("owner", "ann").put("currency", "CZK").put("overdraftLimit", "1000000"));
        for (int i = random.nextInt(MAX_BOOKINGS); i > 0; i--) {
            ObjectNode booking = JSON.objectNode().put("amount", money().toPlainString());
            add(events, random.nextBoolean() ? "MoneyDeposited" : "MoneyWithdrawn", booking);
        }
        return events;
    }

    private static BigDecimal balance(List<NewEvent> events) {
        BigDecimal balance = BigDecimal.ZERO;
        for (NewEvent event : events.subList(1, events.size())) {
            BigDecimal amount = new BigDecimal(event.data().path("amount").textValue());
            balance = event.type().equals("MoneyDeposited") ? balance.add(amount) : balance.subtract(amount);
        }
        return balance;
    }

    private List<NewEvent> order() {
        List<NewEvent> events = new ArrayList<>();
        ObjectNode placed = JSON.objectNode()
                .put("customerId", "17850")
                .put("country", "France")
                .put("currency", "GBP");
        add(events, "OrderPlaced", withLines(placed));
        while (random.nextInt(3) > 0) {
            add(events, "OrderLinesChanged", withLines(JSON.objectNode()));
        }
        if (random.nextInt(5) == 0) {
            add(events, "OrderCancelled", JSON.objectNode().put("reason", "changed my mind"));
            return events;
        }
        String total = total(events).toPlainString();
        add(events, "OrderPaid", JSON.objectNode().put("method", "card").put("amount", total));
        if (random.nextInt(5) == 0) {
            add(
                    events,
                    "PaymentRefunded",
                    JSON.objectNode().put("method", "card").put("amount", total));
            add(events, "OrderCancelled", JSON.objectNode().put("reason", "out of stock"));
            return events;
        }
        add(events, "OrderShipped", JSON.objectNode().put("carrier", "DHL").put("trackingNumber", "JD01"));
        add(events, "OrderDelivered", JSON.objectNode());
        while (random.nextBoolean()) {
            ObjectNode returned = JSON.objectNode();
            returned.putArray("lines")
                    .addObject()
                    .put("sku", "sku-" + random.nextInt(3))
                    .put("quantity", 1);
            add(events, "LinesReturned", returned);
        }
        return events;
    }

    private void add(List<NewEvent> events, String type, ObjectNode data) {
        Instant last = events.isEmpty() ? START : events.getLast().time();
        // Some at the same microsecond: then all of them count.
        Duration pause = Duration.ofNanos(1_000L * random.nextInt(4));
        events.add(new NewEvent(events.size() + 1L, last.plus(pause), type, data));
    }

    private ObjectNode withLines(ObjectNode event) {
        var lines = event.putArray("lines");
        BigDecimal total = BigDecimal.ZERO;
        for (int i = 0; i <= random.nextInt(4); i++) {
            BigDecimal price = money();
            int quantity = 1 + random.nextInt(20);
            lines.addObject()
                    .put("sku", "sku-" + i)
                    .put("description", "Thing")
                    .put("quantity", quantity)
                    .put("unitPrice", price.toPlainString());
            total = total.add(price.multiply(BigDecimal.valueOf(quantity)));
        }
        return event.put("total", total.toPlainString());
    }

    private BigDecimal money() {
        return BigDecimal.valueOf(1L + random.nextInt(1_000_000), 4);
    }

    private static BigDecimal total(List<NewEvent> events) {
        BigDecimal total = BigDecimal.ZERO;
        for (NewEvent event : events) {
            if (event.data().has("total")) {
                total = new BigDecimal(event.data().path("total").textValue());
            }
        }
        return total;
    }

    /** What an order's state says, in a form that can be compared. */
    private record Seen(
            String status,
            List<String> lines,
            BigDecimal total,
            @Nullable BigDecimal paid,
            @Nullable BigDecimal refunded,
            @Nullable String carrier,
            Map<String, Long> returned,
            @Nullable String cancelReason) {}

    private static Seen foldedOrder(List<NewEvent> events) {
        String status = "";
        List<String> lines = List.of();
        BigDecimal paid = null;
        BigDecimal refunded = null;
        String carrier = null;
        String cancelReason = null;
        Map<String, Long> returned = new TreeMap<>();
        for (NewEvent event : events) {
            ObjectNode data = event.data();
            switch (event.type()) {
                case "OrderPlaced" -> {
                    status = "PLACED";
                    lines = lines(data.path("lines"));
                }
                case "OrderLinesChanged" -> lines = lines(data.path("lines"));
                case "OrderPaid" -> {
                    status = "PAID";
                    paid = amount(data.path("amount"));
                }
                case "PaymentRefunded" -> refunded = amount(data.path("amount"));
                case "OrderShipped" -> {
                    status = "SHIPPED";
                    carrier = data.path("carrier").textValue();
                }
                case "OrderDelivered" -> status = "DELIVERED";
                case "OrderCancelled" -> {
                    status = "CANCELLED";
                    cancelReason = data.path("reason").textValue();
                }
                case "LinesReturned" ->
                    data.path("lines")
                            .forEach(line -> returned.merge(
                                    line.path("sku").textValue(),
                                    line.path("quantity").asLong(),
                                    Long::sum));
                default -> throw new IllegalArgumentException(event.type());
            }
        }
        return new Seen(
                status,
                lines,
                amount(JSON.textNode(total(events).toPlainString())),
                paid,
                refunded,
                carrier,
                returned,
                cancelReason);
    }

    private static Seen seen(JsonNode state) {
        Map<String, Long> returned = new TreeMap<>();
        state.path("returned")
                .properties()
                .forEach(entry -> returned.put(entry.getKey(), entry.getValue().asLong()));
        return new Seen(
                state.path("status").textValue(),
                lines(state.path("lines")),
                amount(state.path("total")),
                amount(state.path("payment").path("amount")),
                amount(state.path("payment").path("refunded")),
                state.path("shipment").path("carrier").textValue(),
                returned,
                state.path("cancelReason").textValue());
    }

    private static List<String> lines(JsonNode lines) {
        List<String> all = new ArrayList<>();
        lines.forEach(line -> all.add("%s %d x %s"
                .formatted(
                        line.path("sku").textValue(), line.path("quantity").asInt(), amount(line.path("unitPrice")))));
        return all;
    }

    /** Without regard to scale. */
    private static @Nullable BigDecimal amount(JsonNode text) {
        return text.isTextual() ? new BigDecimal(text.textValue()).setScale(4) : null;
    }
}
