package dev.annals.accounts;

import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import java.util.List;

/** The aggregate type {@code accounts} with its view, and the process that takes money from one to another. */
public final class AccountsDomain implements Domain {

    @Override
    public AggregateType<AccountCommand, Account, AccountEvent> aggregate() {
        return AggregateType.named("accounts", new AccountDecider())
                .commands(AccountCommand.class)
                .events(AccountEvent.class)
                .state(Account.class)
                .createdBy(OpenAccount.class)
                .build();
    }

    @Override
    public List<View<?, ?>> views() {
        return List.of(new AccountsView());
    }

    @Override
    public List<ProcessManager<?>> processes() {
        return List.of(new TransferProcess());
    }
}
