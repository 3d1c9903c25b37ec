package dev.annals.benchmarks.micro;

import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderEvent.OrderDelivered;
import dev.annals.orders.OrderEvent.OrderPaid;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderEvent.OrderShipped;
import dev.annals.orders.OrderLine;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Events of orders that are alike: placed, paid, shipped, delivered.
 *
 * @param lines of each order
 */
public record OrderEvents(int lines) {

    /** Of one order. */
    public static final int STAGES = 4;

    private static final int COUNTRIES = 30;
    private static final int CUSTOMERS = 1_000;
    private static final BigDecimal PRICE = new BigDecimal("1.25");

    /** With a registry in memory. */
    static AvroSerdes serdes() {
        return new AvroSerdes(
                "dev.annals.serde.RegistryAvroSerializer",
                "dev.annals.serde.RegistryAvroDeserializer",
                Map.of(
                        "schema.registry.url", "mock://benchmark",
                        "value.subject.name.strategy", "TopicRecordNameStrategy"));
    }

    /** @param version from 1 to {@link #STAGES} */
    public OrderEvent event(int order, int version) {
        return switch (version) {
            case 1 -> placed(order);
            case 2 -> new OrderPaid("card", total());
            case 3 -> new OrderShipped("by road", "T-" + order);
            default -> new OrderDelivered();
        };
    }

    private OrderPlaced placed(int order) {
        List<OrderLine> all = IntStream.range(0, lines)
                .mapToObj(line -> new OrderLine("SKU-" + line, "A thing of some kind", 1, PRICE))
                .toList();
        return new OrderPlaced(
                "customer-" + order % CUSTOMERS, "country-" + order % COUNTRIES, "GBP", null, all, total());
    }

    private BigDecimal total() {
        return PRICE.multiply(BigDecimal.valueOf(lines));
    }
}
