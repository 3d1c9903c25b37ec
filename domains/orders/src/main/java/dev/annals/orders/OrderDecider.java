package dev.annals.orders;

import static dev.annals.orders.OrderRejection.INVALID_PRICE;
import static dev.annals.orders.OrderRejection.INVALID_QUANTITY;
import static dev.annals.orders.OrderRejection.NO_LINES;
import static dev.annals.orders.OrderRejection.ORDER_ALREADY_EXISTS;
import static dev.annals.orders.OrderRejection.ORDER_ALREADY_SHIPPED;
import static dev.annals.orders.OrderRejection.ORDER_CANCELLED;
import static dev.annals.orders.OrderRejection.ORDER_NOT_FOUND;
import static dev.annals.orders.OrderRejection.ORDER_NOT_PAID;
import static dev.annals.orders.OrderRejection.ORDER_NOT_PAYABLE;
import static dev.annals.orders.OrderRejection.PAYMENT_AMOUNT_MISMATCH;
import static dev.annals.orders.OrderRejection.RETURN_EXCEEDS_PURCHASE;

import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.orders.Order.Payment;
import dev.annals.orders.Order.Shipment;
import dev.annals.orders.OrderCommand.CancelOrder;
import dev.annals.orders.OrderCommand.ChangeOrderLines;
import dev.annals.orders.OrderCommand.DeliverOrder;
import dev.annals.orders.OrderCommand.PayOrder;
import dev.annals.orders.OrderCommand.PlaceOrder;
import dev.annals.orders.OrderCommand.ReturnLines;
import dev.annals.orders.OrderCommand.ShipOrder;
import dev.annals.orders.OrderEvent.LinesReturned;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderDelivered;
import dev.annals.orders.OrderEvent.OrderLinesChanged;
import dev.annals.orders.OrderEvent.OrderPaid;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderEvent.OrderShipped;
import dev.annals.orders.OrderEvent.PaymentRefunded;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of an order.
 *
 * <p>A rule on the order's status comes before a rule on the command's own fields, and of several wrong lines the first
 * one is named: a client that repeats a command on an order that has moved on learns that first.
 *
 * <p>Goods may leave over the counter. So a paid order can be delivered without a carrier, and pieces can come back at
 * any time before the order is cancelled; all that counts is that no more come back than were bought.
 */
public final class OrderDecider implements Decider<OrderCommand, Order, OrderEvent> {

    @Override
    public Order initial() {
        return Order.NONE;
    }

    @Override
    public Decision<OrderEvent> decide(OrderCommand command, Order order) {
        return switch (command) {
            case PlaceOrder place -> place(place, order);
            case ChangeOrderLines change -> changeLines(change, order);
            case PayOrder pay -> pay(pay, order);
            case ShipOrder ship -> ship(ship, order);
            case DeliverOrder deliver -> deliver(order);
            case CancelOrder cancel -> cancel(cancel, order);
            case ReturnLines back -> takeBack(back, order);
        };
    }

    @Override
    public Order evolve(Order order, OrderEvent event) {
        return switch (event) {
            case OrderPlaced placed -> Order.placed(placed);
            case OrderLinesChanged changed -> order.withLines(changed.lines(), changed.total());
            case OrderPaid paid -> order.paid(paid.method(), paid.amount());
            case OrderShipped shipped -> order.shipped(new Shipment(shipped.carrier(), shipped.trackingNumber()));
            case OrderDelivered delivered -> order.withStatus(OrderStatus.DELIVERED);
            case PaymentRefunded refunded -> order.refunded(refunded.method(), refunded.amount());
            case OrderCancelled cancelled -> order.cancelled(cancelled.reason());
            case LinesReturned returned -> order.withReturned(returned.lines());
        };
    }

    private static Decision<OrderEvent> place(PlaceOrder place, Order order) {
        if (order.status() != null) {
            return ORDER_ALREADY_EXISTS.because("an order with this id was placed before");
        }
        BigDecimal total = OrderLine.total(place.lines());
        return objectionTo(place.lines(), total)
                .orElseGet(() -> Decision.accept(new OrderPlaced(
                        place.customerId(),
                        place.country(),
                        place.currency(),
                        place.placedAt(),
                        place.lines(),
                        total)));
    }

    private static Decision<OrderEvent> changeLines(ChangeOrderLines change, Order order) {
        return switch (order.status()) {
            case null -> notFound();
            case PLACED -> changeUnpaid(change.lines(), order);
            case PAID -> ORDER_NOT_PAYABLE.because("lines can be changed only before payment; the order is paid");
            case SHIPPED, DELIVERED -> alreadyShipped("its lines cannot be changed");
            case CANCELLED -> cancelled(order);
        };
    }

    private static Decision<OrderEvent> changeUnpaid(List<OrderLine> lines, Order order) {
        BigDecimal total = OrderLine.total(lines);
        return objectionTo(lines, total)
                .or(() -> objectionTo(order.returned(), lines))
                .orElseGet(() -> lines.equals(order.lines())
                        ? Decision.accept()
                        : Decision.accept(new OrderLinesChanged(lines, total)));
    }

    private static Decision<OrderEvent> pay(PayOrder pay, Order order) {
        return switch (order.status()) {
            case null -> notFound();
            case PLACED ->
                pay.amount().compareTo(order.total()) == 0
                        ? Decision.accept(new OrderPaid(pay.method(), pay.amount()))
                        : PAYMENT_AMOUNT_MISMATCH.because("the order's total is %s, the payment is %s"
                                .formatted(
                                        order.total().toPlainString(),
                                        pay.amount().toPlainString()));
            case PAID, SHIPPED, DELIVERED -> ORDER_NOT_PAYABLE.because("the order is paid already");
            case CANCELLED -> cancelled(order);
        };
    }

    private static Decision<OrderEvent> ship(ShipOrder ship, Order order) {
        return switch (order.status()) {
            case null -> notFound();
            case PLACED -> notPaid();
            case PAID -> Decision.accept(new OrderShipped(ship.carrier(), ship.trackingNumber()));
            case SHIPPED, DELIVERED -> alreadyShipped("it cannot be shipped again");
            case CANCELLED -> cancelled(order);
        };
    }

    private static Decision<OrderEvent> deliver(Order order) {
        return switch (order.status()) {
            case null -> notFound();
            case PLACED -> notPaid();
            case PAID, SHIPPED -> Decision.accept(new OrderDelivered());
            case DELIVERED -> Decision.accept();
            case CANCELLED -> cancelled(order);
        };
    }

    private static Decision<OrderEvent> cancel(CancelOrder cancel, Order order) {
        return switch (order.status()) {
            case null -> notFound();
            case PLACED -> Decision.accept(new OrderCancelled(cancel.reason()));
            case PAID -> refundAndCancel(cancel, order);
            case SHIPPED, DELIVERED -> alreadyShipped("it cannot be cancelled; lines can be returned");
            case CANCELLED -> cancelled(order);
        };
    }

    private static Decision<OrderEvent> refundAndCancel(CancelOrder cancel, Order order) {
        Payment payment = order.payment();
        if (payment == null) {
            throw new IllegalStateException("a paid order without a payment: " + order.status());
        }
        return Decision.accept(
                new PaymentRefunded(payment.method(), payment.amount()), new OrderCancelled(cancel.reason()));
    }

    private static Decision<OrderEvent> takeBack(ReturnLines back, Order order) {
        return switch (order.status()) {
            case null -> notFound();
            case PLACED, PAID, SHIPPED, DELIVERED ->
                objectionToReturn(back.lines())
                        .or(() -> objectionTo(Pieces.plus(order.returned(), back.lines()), order.lines()))
                        .orElseGet(() -> Decision.accept(new LinesReturned(back.lines())));
            case CANCELLED -> cancelled(order);
        };
    }

    private static Optional<Decision<OrderEvent>> objectionTo(List<OrderLine> lines, BigDecimal total) {
        if (lines.isEmpty()) {
            return Optional.of(NO_LINES.because("an order needs at least one line"));
        }
        for (OrderLine line : lines) {
            if (line.quantity() < 1) {
                return Optional.of(invalidQuantity(line.sku(), line.quantity()));
            }
            if (line.unitPrice().signum() < 0) {
                return Optional.of(INVALID_PRICE.because("the unit price must be at least 0; sku %s has %s"
                        .formatted(line.sku(), line.unitPrice().toPlainString())));
            }
        }
        return Money.exceedsLimit(total)
                ? Optional.of(INVALID_PRICE.because("the order's total %s has more than 14 digits before the point"
                        .formatted(total.toPlainString())))
                : Optional.empty();
    }

    private static Optional<Decision<OrderEvent>> objectionToReturn(List<ReturnedLine> lines) {
        if (lines.isEmpty()) {
            return Optional.of(NO_LINES.because("a return needs at least one line"));
        }
        return lines.stream()
                .filter(line -> line.quantity() < 1)
                .findFirst()
                .map(line -> invalidQuantity(line.sku(), line.quantity()));
    }

    private static Optional<Decision<OrderEvent>> objectionTo(Map<String, Long> returned, List<OrderLine> lines) {
        Map<String, Long> bought = Pieces.bought(lines);
        return Pieces.exceeding(returned, bought)
                .map(sku -> RETURN_EXCEEDS_PURCHASE.because("of sku %s %d are bought, but %d would have come back"
                        .formatted(sku, bought.getOrDefault(sku, 0L), returned.get(sku))));
    }

    private static Decision<OrderEvent> invalidQuantity(String sku, int quantity) {
        return INVALID_QUANTITY.because("the quantity must be at least 1; sku %s has %d".formatted(sku, quantity));
    }

    private static Decision<OrderEvent> notFound() {
        return ORDER_NOT_FOUND.because("no order with this id was placed");
    }

    private static Decision<OrderEvent> notPaid() {
        return ORDER_NOT_PAID.because("the order is not paid");
    }

    private static Decision<OrderEvent> alreadyShipped(String consequence) {
        return ORDER_ALREADY_SHIPPED.because("the order has left the shop: " + consequence);
    }

    private static Decision<OrderEvent> cancelled(Order order) {
        return ORDER_CANCELLED.because("the order was cancelled: " + order.cancelReason());
    }
}
