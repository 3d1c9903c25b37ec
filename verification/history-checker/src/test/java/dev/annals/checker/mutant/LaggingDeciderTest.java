package dev.annals.checker.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.Account;
import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountsDomain;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class LaggingDeciderTest {

    private static final OpenAccount OPEN = new OpenAccount("ann", "EUR", BigDecimal.ZERO);
    private static final AccountOpened OPENED = new AccountOpened("ann", "EUR", BigDecimal.ZERO);

    private final Decider<AccountCommand, Account, AccountEvent> right =
            new AccountsDomain().aggregate().decider();
    private final Decider<AccountCommand, Account, AccountEvent> lagging = new LaggingDecider<>(right);

    @Test
    void what_has_just_happened_is_not_seen() {
        Account opened = lagging.evolve(lagging.initial(), OPENED);

        assertThat(opened).isEqualTo(right.evolve(right.initial(), OPENED));
        assertThat(lagging.decide(OPEN, opened)).isEqualTo(Decision.accept(OPENED));
        assertThat(right.decide(OPEN, opened)).isInstanceOf(Decision.Rejected.class);
    }
}
