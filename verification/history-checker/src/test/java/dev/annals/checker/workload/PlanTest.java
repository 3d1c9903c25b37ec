package dev.annals.checker.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.AccountsDomain;
import dev.annals.api.AggregateType;
import dev.annals.api.Decision;
import dev.annals.checker.history.AggregateRef;
import dev.annals.orders.OrdersDomain;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final int STEPS = 20_000;

    private final Plan plan = new Plan(7, 3);

    @Test
    void a_seed_plans_the_same_steps_again_in_any_order() {
        Plan again = new Plan(7, 3);

        assertThat(LongStream.range(0, 1_000)
                        .mapToObj(n -> again.at(999 - n))
                        .toList()
                        .reversed())
                .isEqualTo(LongStream.range(0, 1_000).mapToObj(plan::at).toList());
    }

    @Test
    void another_seed_plans_other_steps() {
        assertThat(new Plan(8, 3).at(5)).isNotEqualTo(plan.at(5));
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

    /**
     * One after the other, without races, expectations and repeats: what remains is what the commands themselves meet.
     */
    @Test
    void every_rule_of_the_domains_is_met_and_some_commands_have_several_events() {
        Deciding accounts = new Deciding(new AccountsDomain().aggregate());
        Deciding orders = new Deciding(new OrdersDomain().aggregate());
        for (long n = 0; n < STEPS; n++) {
            Planned step = plan.at(n);
            (step.aggregate().type().equals("orders") ? orders : accounts).take(step);
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
        assertThat(orders.severalEvents).isGreaterThan(50);
    }

    private static final class Deciding {

        private final AggregateType<?, ?, ?> type;
        private final Map<AggregateRef, Object> states = new HashMap<>();
        private final Set<String> codes = new HashSet<>();
        private int severalEvents;

        Deciding(AggregateType<?, ?, ?> type) {
            this.type = type;
        }

        void take(Planned step) {
            take(type, step);
        }

        private <C, S extends Record, E> void take(AggregateType<C, S, E> type, Planned step) {
            S state = type.state()
                    .cast(states.getOrDefault(step.aggregate(), type.decider().initial()));
            switch (type.decider().decide(type.commands().cast(step.command()), state)) {
                case Decision.Rejected<E>(String code, String message) -> codes.add(code);
                case Decision.Accepted<E>(List<E> events) -> {
                    severalEvents += events.size() > 1 ? 1 : 0;
                    for (E event : events) {
                        state = type.decider().evolve(state, event);
                    }
                    states.put(step.aggregate(), state);
                }
            }
        }
    }
}
