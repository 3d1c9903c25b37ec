package dev.annals.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Under which limit a request is, and whether the audit log has it. */
class ActionKindTest {

    @Test
    void each_action_that_a_route_asks_for_has_a_kind() {
        assertThat(ActionKind.of(Action.command("accounts", "Deposit"))).isEqualTo(ActionKind.COMMAND);
        assertThat(ActionKind.of(Action.readRows("accounts"))).isEqualTo(ActionKind.READ);
        assertThat(ActionKind.of(Action.readAggregates("accounts"))).isEqualTo(ActionKind.READ);
        assertThat(ActionKind.of(Action.readProcess("transfers"))).isEqualTo(ActionKind.READ);
        assertThat(ActionKind.of(Action.OWN_COMMANDS)).isEqualTo(ActionKind.READ); // it asks all instances
        assertThat(ActionKind.of(Action.OPERATE)).isEqualTo(ActionKind.OPERATE);
        assertThat(ActionKind.of(Action.KNOWN)).isEqualTo(ActionKind.OTHER);
    }
}
