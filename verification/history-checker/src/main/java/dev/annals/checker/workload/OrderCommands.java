package dev.annals.checker.workload;

import dev.annals.orders.OrderCommand;
import dev.annals.orders.OrderCommand.CancelOrder;
import dev.annals.orders.OrderCommand.ChangeOrderLines;
import dev.annals.orders.OrderCommand.DeliverOrder;
import dev.annals.orders.OrderCommand.PayOrder;
import dev.annals.orders.OrderCommand.PlaceOrder;
import dev.annals.orders.OrderCommand.ReturnLines;
import dev.annals.orders.OrderCommand.ShipOrder;
import dev.annals.orders.OrderLine;
import dev.annals.orders.ReturnedLine;
import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;

/** Random commands on an order. There are few totals, so that many payments hit the right one. */
final class OrderCommands {

    private static final BigDecimal PRICE = new BigDecimal("2.5");
    private static final int MAX_PIECES = 3;

    private OrderCommands() {}

    static OrderCommand any(SplittableRandom random) {
        int kind = random.nextInt(100);
        if (kind < 18) {
            return new PlaceOrder("customer-" + random.nextInt(4), "France", "EUR", null, lines(random));
        }
        if (kind < 30) {
            return new ChangeOrderLines(lines(random));
        }
        if (kind < 58) {
            return new PayOrder("card", PRICE.multiply(BigDecimal.valueOf(random.nextInt(1, MAX_PIECES + 1))));
        }
        if (kind < 66) {
            return new ShipOrder("carrier", "tracking-" + random.nextInt(10));
        }
        if (kind < 72) {
            return new DeliverOrder();
        }
        return kind < 86
                ? new CancelOrder("reason-" + random.nextInt(10))
                : new ReturnLines(List.of(new ReturnedLine("sku", random.nextInt(MAX_PIECES))));
    }

    /** One line; one in eight breaks a rule. */
    private static List<OrderLine> lines(SplittableRandom random) {
        int pieces = random.nextInt(1, MAX_PIECES + 1);
        return switch (random.nextInt(24)) {
            case 0 -> List.of();
            case 1 -> List.of(new OrderLine("sku", "Thing", 0, PRICE));
            case 2 -> List.of(new OrderLine("sku", "Thing", pieces, PRICE.negate()));
            default -> List.of(new OrderLine("sku", "Thing", pieces, PRICE));
        };
    }
}
