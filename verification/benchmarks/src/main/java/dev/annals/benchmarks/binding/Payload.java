package dev.annals.benchmarks.binding;

import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderLine;
import dev.annals.schemas.SchemaCatalog;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.Schema;

/** Events of the sizes that the recorded data have: a booking, a usual order, one of the largest orders. */
public enum Payload {
    DEPOSIT("annals.accounts.MoneyDeposited") {
        @Override
        public Record event() {
            return new MoneyDeposited(new BigDecimal("3679.5"), LocalDate.of(1996, 7, 28), "credit in cash");
        }
    },
    ORDER_OF_5("annals.orders.OrderPlaced") {
        @Override
        public Record event() {
            return order(5);
        }
    },
    ORDER_OF_500("annals.orders.OrderPlaced") {
        @Override
        public Record event() {
            return order(500);
        }
    };

    private final String schemaName;

    Payload(String schemaName) {
        this.schemaName = schemaName;
    }

    public abstract Record event();

    public Schema schema() {
        return SchemaCatalog.load(schemaName);
    }

    private static OrderPlaced order(int size) {
        List<OrderLine> lines =
                IntStream.rangeClosed(1, size).mapToObj(Payload::line).toList();
        BigDecimal total = lines.stream()
                .map(line -> line.unitPrice().multiply(BigDecimal.valueOf(line.quantity())))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        Instant placedAt = Instant.parse("2010-12-01T08:26:00.123456Z");
        return new OrderPlaced("17850", "United Kingdom", "GBP", placedAt, lines, total);
    }

    private static OrderLine line(int number) {
        return new OrderLine(
                "85123" + number,
                "WHITE HANGING HEART T-LIGHT HOLDER " + number,
                number % 12 + 1,
                BigDecimal.valueOf(255L + number, 2));
    }
}
