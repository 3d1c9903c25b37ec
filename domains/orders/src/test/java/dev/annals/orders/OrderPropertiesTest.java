package dev.annals.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Decision;
import dev.annals.api.Decision.Accepted;
import dev.annals.api.Decision.Rejected;
import dev.annals.orders.OrderCommand.CancelOrder;
import dev.annals.orders.OrderCommand.ChangeOrderLines;
import dev.annals.orders.OrderCommand.DeliverOrder;
import dev.annals.orders.OrderCommand.PayOrder;
import dev.annals.orders.OrderCommand.PlaceOrder;
import dev.annals.orders.OrderCommand.ReturnLines;
import dev.annals.orders.OrderCommand.ShipOrder;
import dev.annals.orders.OrderEvent.LinesReturned;
import dev.annals.testkit.DeciderKit;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/**
 * What holds after any sequence of commands. A {@link PayOrder} of amount 0 stands for one of the right amount, so that
 * many sequences get beyond payment.
 */
class OrderPropertiesTest {

    private static final BigDecimal RIGHT_AMOUNT = Money.ZERO;

    private final OrderDecider decider = new OrderDecider();

    @Property
    void the_sum_of_the_events_is_the_state(@ForAll("commands") @Size(max = 20) List<OrderCommand> commands) {
        History history = new History();
        commands.forEach(history::decide);

        Order state = history.state;
        assertThat(DeciderKit.given(decider, history.events).state()).isEqualTo(state);
        assertThat(state.total()).isEqualByComparingTo(sumOf(state.lines()));
        assertThat(state.returned()).isEqualTo(returnedIn(history.events));
    }

    @Property
    void no_more_of_an_article_comes_back_than_was_bought(
            @ForAll("commands") @Size(max = 20) List<OrderCommand> commands) {
        History history = new History();
        for (OrderCommand command : commands) {
            history.decide(command);
            Map<String, Long> bought = Pieces.bought(history.state.lines());
            history.state
                    .returned()
                    .forEach((sku, pieces) -> assertThat(pieces).isLessThanOrEqualTo(bought.getOrDefault(sku, 0L)));
        }
    }

    @Property
    void money_is_held_exactly_while_an_order_is_paid_for(
            @ForAll("commands") @Size(max = 20) List<OrderCommand> commands) {
        History history = new History();
        for (OrderCommand command : commands) {
            history.decide(command);
            Order order = history.state;
            if (order.payment() != null) {
                assertThat(order.payment().amount()).isEqualByComparingTo(order.total());
                assertThat(order.payment().refunded() != null).isEqualTo(order.status() == OrderStatus.CANCELLED);
            }
        }
    }

    /** Not of {@link ReturnLines}: two returns of one piece each are two returns. */
    @Property
    void a_command_decided_again_is_rejected_or_changes_nothing(
            @ForAll("commands") @Size(max = 20) List<OrderCommand> commands) {
        History history = new History();
        for (OrderCommand command : commands) {
            OrderCommand sent = history.complete(command);
            if (history.decide(sent) instanceof Accepted && !(sent instanceof ReturnLines)) {
                assertThat(changes(decider.decide(sent, history.state)))
                        .as("%s again on %s", sent, history.state)
                        .isFalse();
            }
        }
    }

    @Property
    void a_return_that_is_repeated_ends_in_a_rejection(
            @ForAll("lines") List<OrderLine> lines, @ForAll("returns") ReturnLines back) {
        History history = new History();
        history.decide(new PlaceOrder(null, null, "GBP", null, lines));
        long pieces = lines.stream().mapToLong(OrderLine::quantity).sum();

        Decision<OrderEvent> last = history.decide(back);
        for (long i = 0; i < pieces && changes(last); i++) {
            last = history.decide(back);
        }

        assertThat(last).isInstanceOf(Rejected.class);
    }

    @Provide
    Arbitrary<List<OrderCommand>> commands() {
        Arbitrary<OrderCommand> placing = lines().map(lines -> new PlaceOrder("c", "France", "GBP", null, lines));
        Arbitrary<OrderCommand> any = Arbitraries.oneOf(
                placing,
                lines().map(ChangeOrderLines::new),
                Arbitraries.of(RIGHT_AMOUNT, new BigDecimal("1.5")).map(amount -> new PayOrder("card", amount)),
                Arbitraries.of(new ShipOrder("DHL", "1"), new DeliverOrder(), new CancelOrder("why not")),
                returns());
        return any.list()
                .ofMaxSize(19)
                .flatMap(rest -> placing.map(first -> {
                    List<OrderCommand> all = new ArrayList<>(List.of(first));
                    all.addAll(rest);
                    return all;
                }));
    }

    /** Few articles and small numbers, so that lines and returns meet. */
    @Provide
    Arbitrary<List<OrderLine>> lines() {
        return Combinators.combine(
                        skus(),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.bigDecimals()
                                .between(BigDecimal.ZERO, BigDecimal.TEN)
                                .ofScale(4))
                .as((sku, quantity, price) -> new OrderLine(sku, "", quantity, price))
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }

    @Provide
    Arbitrary<ReturnLines> returns() {
        return Combinators.combine(skus(), Arbitraries.integers().between(1, 3))
                .as(ReturnedLine::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(2)
                .map(ReturnLines::new);
    }

    private static Arbitrary<String> skus() {
        return Arbitraries.of("A", "B", "C");
    }

    private static boolean changes(Decision<OrderEvent> decision) {
        return decision instanceof Accepted<OrderEvent> accepted
                && !accepted.events().isEmpty();
    }

    private static BigDecimal sumOf(List<OrderLine> lines) {
        BigDecimal sum = BigDecimal.ZERO;
        for (OrderLine line : lines) {
            sum = sum.add(line.unitPrice().multiply(new BigDecimal(line.quantity())));
        }
        return sum;
    }

    private static Map<String, Long> returnedIn(List<OrderEvent> events) {
        return events.stream()
                .filter(LinesReturned.class::isInstance)
                .flatMap(event -> ((LinesReturned) event).lines().stream())
                .collect(Collectors.groupingBy(ReturnedLine::sku, Collectors.summingLong(ReturnedLine::quantity)));
    }

    private final class History {
        private final List<OrderEvent> events = new ArrayList<>();
        private Order state = decider.initial();

        Decision<OrderEvent> decide(OrderCommand command) {
            Decision<OrderEvent> decision = decider.decide(complete(command), state);
            if (decision instanceof Accepted<OrderEvent> accepted) {
                events.addAll(accepted.events());
                accepted.events().forEach(event -> state = decider.evolve(state, event));
            }
            return decision;
        }

        OrderCommand complete(OrderCommand command) {
            return command instanceof PayOrder pay && pay.amount().signum() == 0
                    ? new PayOrder(pay.method(), state.total())
                    : command;
        }
    }
}
