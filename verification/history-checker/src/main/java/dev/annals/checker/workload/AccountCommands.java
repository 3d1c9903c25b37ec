package dev.annals.checker.workload;

import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountCommand.CloseAccount;
import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountCommand.Withdraw;
import java.math.BigDecimal;
import java.util.SplittableRandom;

/** Random commands on an account whose balance stays near 0, so that each of its rules is met often. */
final class AccountCommands {

    private AccountCommands() {}

    static AccountCommand any(SplittableRandom random) {
        int kind = random.nextInt(100);
        if (kind < 12) {
            return new OpenAccount("owner-" + random.nextInt(3), "EUR", overdraft(random));
        }
        if (kind < 50) {
            return new Deposit(amount(random), null, null);
        }
        return kind < 98 ? new Withdraw(amount(random), null, null) : new CloseAccount();
    }

    private static BigDecimal overdraft(SplittableRandom random) {
        return BigDecimal.valueOf(random.nextInt(-1, 3) * 10L);
    }

    /** From -1 to 12, in quarters; mostly whole, so that a balance comes back to 0. */
    static BigDecimal amount(SplittableRandom random) {
        return BigDecimal.valueOf(random.nextInt(-1, 13))
                .add(random.nextInt(8) == 0 ? new BigDecimal("0.25") : BigDecimal.ZERO);
    }
}
