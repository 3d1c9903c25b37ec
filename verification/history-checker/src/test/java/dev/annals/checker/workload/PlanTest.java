package dev.annals.checker.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.Account;
import dev.annals.accounts.AccountCommand.CompleteTransfer;
import dev.annals.accounts.AccountCommand.ReceiveTransfer;
import dev.annals.accounts.AccountCommand.RefundTransfer;
import dev.annals.accounts.AccountCommand.SendTransfer;
import dev.annals.accounts.AccountsDomain;
import dev.annals.api.AggregateType;
import dev.annals.api.Decision;
import dev.annals.checker.history.AggregateRef;
import dev.annals.orders.OrdersDomain;
import dev.annals.seats.SeatsDomain;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final int STEPS = 20_000;

    private final Plan plan = plan(7);

    private static Plan plan(long seed) {
        return new Plan(seed, 3, false, new EveryCommand());
    }

    @Test
    void a_seed_plans_the_same_steps_again_in_any_order() {
        Plan again = plan(7);

        assertThat(LongStream.range(0, 1_000)
                        .mapToObj(n -> again.at(999 - n))
                        .toList()
                        .reversed())
                .isEqualTo(LongStream.range(0, 1_000).mapToObj(plan::at).toList());
    }

    @Test
    void another_seed_plans_other_steps() {
        assertThat(plan(8).at(5)).isNotEqualTo(plan.at(5));
    }

    @Test
    void ids_are_repeated_reused_and_sent_to_two_instances_at_once() {
        Map<AggregateRef, Map<String, Set<Object>>> payloads = new HashMap<>();
        int repeats = 0;
        int twins = 0;
        for (long n = 0; n < STEPS; n++) {
            Planned step = plan.at(n);
            Set<Object> ofId = payloads.computeIfAbsent(step.aggregate(), any -> new HashMap<>())
                    .computeIfAbsent(step.commandId(), any -> new HashSet<>());
            repeats += ofId.add(step.command()) ? 0 : 1;
            twins += step.routes().size() - 1;
        }

        assertThat(repeats).isGreaterThan(STEPS / 20);
        assertThat(twins).isGreaterThan(STEPS / 40);
        assertThat(payloads.values().stream()
                        .flatMap(ids -> ids.values().stream())
                        .filter(ofId -> ofId.size() > 1))
                .hasSizeGreaterThan(STEPS / 100);
    }

    @Test
    void with_a_gateway_the_same_commands_go_by_three_ways_a_third_each() {
        Plan withGateway = new Plan(7, 3, true, new EveryCommand());
        Map<Class<?>, Integer> calls = new HashMap<>();
        for (long n = 0; n < STEPS; n++) {
            Planned step = withGateway.at(n);
            Planned without = plan.at(n);
            step.routes().forEach(route -> calls.merge(route.getClass(), 1, Integer::sum));
            assertThat(step.sent(
                            step.aggregate(), step.commandId(), step.command(), without.routes(), step.persistent()))
                    .isEqualTo(without);
        }

        int all = calls.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(calls.values()).hasSize(3).allMatch(each -> each > all * 0.3 && each < all * 0.4);
    }

    /**
     * One after the other, without races, expectations and repeats: what remains is what the commands themselves meet.
     */
    @Test
    void every_rule_of_the_domains_is_met_and_some_commands_have_several_events() {
        Deciding accounts = new Deciding(new AccountsDomain().aggregate());
        Deciding orders = new Deciding(new OrdersDomain().aggregate());
        Deciding seats = new Deciding(new SeatsDomain().aggregate());
        Map<String, Deciding> types = Map.of("accounts", accounts, "orders", orders, "seats", seats);
        for (long n = 0; n < STEPS; n++) {
            Planned step = plan.at(n);
            types.get(step.aggregate().type()).take(step.aggregate(), step.command());
        }

        assertThat(accounts.codes)
                .containsExactlyInAnyOrder(
                        "account-already-exists",
                        "account-not-found",
                        "invalid-amount",
                        "insufficient-funds",
                        "account-closed",
                        "balance-not-zero");
        assertThat(orders.codes)
                .containsExactlyInAnyOrder(
                        "order-already-exists",
                        "order-not-found",
                        "no-lines",
                        "invalid-quantity",
                        "invalid-price",
                        "payment-amount-mismatch",
                        "order-not-payable",
                        "order-not-paid",
                        "order-already-shipped",
                        "order-cancelled",
                        "return-exceeds-purchase");
        assertThat(seats.codes)
                .containsExactlyInAnyOrder(
                        "conference-already-exists",
                        "conference-not-found",
                        "conference-closed",
                        "invalid-seats",
                        "reservation-already-exists",
                        "not-enough-seats",
                        "reservation-not-found",
                        "capacity-below-reserved");
        assertThat(orders.severalEvents).isGreaterThan(50);
    }

    @Test
    void transfers_are_refused_for_every_reason_and_most_are_booked() {
        Plan transfers = new Plan(7, 3, false, new TransferCommands());
        Deciding accounts = new Deciding(new AccountsDomain().aggregate());
        Map<String, Integer> ends = new HashMap<>();
        for (long n = 0; n < STEPS; n++) {
            Planned step = transfers.at(n);
            AggregateRef from = step.aggregate();
            if (accounts.take(from, step.command()).equals("accepted") && step.command() instanceof SendTransfer send) {
                Account sender = (Account) accounts.states.get(from);
                long number = sender.transfersSent();
                String end = accounts.take(
                        new AggregateRef("accounts", send.to()),
                        new ReceiveTransfer(from.id(), number, send.amount(), sender.currency(), null));
                accounts.take(
                        from, end.equals("accepted") ? new CompleteTransfer(number) : new RefundTransfer(number, end));
                ends.merge(end, 1, Integer::sum);
            }
        }

        assertThat(ends.keySet())
                .containsExactlyInAnyOrder("accepted", "account-not-found", "account-closed", "currency-mismatch");
        assertThat(ends.get("accepted")).isGreaterThan(STEPS / 4);
    }

    private static final class Deciding {

        private final AggregateType<?, ?, ?> type;
        private final Map<AggregateRef, Object> states = new HashMap<>();
        private final Set<String> codes = new HashSet<>();
        private int severalEvents;

        Deciding(AggregateType<?, ?, ?> type) {
            this.type = type;
        }

        /** @return the code, or that it was accepted */
        String take(AggregateRef aggregate, Object command) {
            return take(type, aggregate, command);
        }

        private <C, S extends Record, E> String take(
                AggregateType<C, S, E> type, AggregateRef aggregate, Object command) {
            S state = type.state()
                    .cast(states.getOrDefault(aggregate, type.decider().initial()));
            switch (type.decider().decide(type.commands().cast(command), state)) {
                case Decision.Rejected<E>(String code, String message) -> {
                    codes.add(code);
                    return code;
                }
                case Decision.Accepted<E>(List<E> events) -> {
                    severalEvents += events.size() > 1 ? 1 : 0;
                    for (E event : events) {
                        state = type.decider().evolve(state, event);
                    }
                    states.put(aggregate, state);
                    return "accepted";
                }
            }
        }
    }
}
