package dev.annals.checker.workload;

import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountCommand.CloseAccount;
import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountCommand.SendTransfer;
import dev.annals.accounts.AccountCommand.Withdraw;
import dev.annals.checker.history.AggregateRef;
import java.math.BigDecimal;
import java.util.SplittableRandom;

/**
 * Transfers among a few accounts, of which new ones take the place of the old after {@link #ACCOUNTS_LIVE} steps. For
 * each reason some are refused where they go: {@link #NOBODY} accounts are never opened, {@link #DOORS} are opened and
 * closed and send nothing, and a few have another currency.
 */
final class TransferCommands implements Plan.Commands {

    private static final int DOORS = 2;
    private static final int ACCOUNTS = 12;
    private static final int NOBODY = 1;
    private static final long ACCOUNTS_LIVE = 1_000;

    @Override
    public AggregateRef aggregate(long number, SplittableRandom random) {
        return new AggregateRef("accounts", id(number / ACCOUNTS_LIVE, random.nextInt(ACCOUNTS)));
    }

    private static String id(long generation, int account) {
        return "account-%d-%d".formatted(generation, account);
    }

    @Override
    public AccountCommand command(AggregateRef aggregate, SplittableRandom random) {
        String[] parts = aggregate.id().split("-", 3);
        int kind = random.nextInt(100);
        if (Integer.parseInt(parts[2]) < DOORS) {
            return kind < 50 ? open(random) : new CloseAccount();
        }
        if (kind < 14) {
            return open(random);
        }
        if (kind < 20) {
            return new Deposit(AccountCommands.amount(random), null, null);
        }
        if (kind < 24) {
            return new Withdraw(AccountCommands.amount(random), null, null);
        }
        return kind < 25
                ? new CloseAccount()
                : new SendTransfer(
                        id(Long.parseLong(parts[1]), random.nextInt(ACCOUNTS + NOBODY)),
                        AccountCommands.amount(random),
                        null);
    }

    private static OpenAccount open(SplittableRandom random) {
        return new OpenAccount("owner", random.nextInt(8) == 0 ? "CZK" : "EUR", BigDecimal.valueOf(100));
    }
}
