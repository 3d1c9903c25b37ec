package dev.annals.benchmarks.decide;

import dev.annals.accounts.Account;
import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountsDomain;
import dev.annals.orders.Order;
import dev.annals.orders.OrderCommand;
import dev.annals.orders.OrderCommand.CancelOrder;
import dev.annals.orders.OrderCommand.PayOrder;
import dev.annals.orders.OrderCommand.PlaceOrder;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderLine;
import dev.annals.orders.OrdersDomain;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Commands that are measured. */
public enum Case {
    DEPOSIT {
        @Override
        Step<AccountCommand, Account, AccountEvent> step() {
            return Step.first(new AccountsDomain().aggregate(), new OpenAccount("Ada", "EUR", null))
                    .then(new Deposit(new BigDecimal("12.5"), null, null));
        }
    },
    PLACE_ORDER_OF_5 {
        @Override
        Step<OrderCommand, Order, OrderEvent> step() {
            return placeOrder(5);
        }
    },
    PLACE_ORDER_OF_500 {
        @Override
        Step<OrderCommand, Order, OrderEvent> step() {
            return placeOrder(500);
        }
    },
    PAY_ORDER {
        @Override
        Step<OrderCommand, Order, OrderEvent> step() {
            return placeOrder(5).then(pay(5));
        }
    },
    /** Two events: the refund and the end. */
    CANCEL_PAID_ORDER {
        @Override
        Step<OrderCommand, Order, OrderEvent> step() {
            return placeOrder(5).then(pay(5)).then(new CancelOrder("changed my mind"));
        }
    };

    private static final BigDecimal PRICE = new BigDecimal("2.55");

    abstract Step<?, ?, ?> step();

    private static Step<OrderCommand, Order, OrderEvent> placeOrder(int lines) {
        List<OrderLine> all = IntStream.rangeClosed(1, lines)
                .mapToObj(number -> new OrderLine("sku-" + number, "a thing", 1, PRICE))
                .toList();
        Instant placedAt = Instant.parse("2010-12-01T08:26:00Z");
        return Step.first(
                new OrdersDomain().aggregate(), new PlaceOrder("17850", "United Kingdom", "GBP", placedAt, all));
    }

    private static PayOrder pay(int lines) {
        return new PayOrder("card", PRICE.multiply(BigDecimal.valueOf(lines)));
    }
}
