package dev.annals.checker.check;

import dev.annals.accounts.Account;
import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.MoneyWithdrawn;
import dev.annals.accounts.AccountEvent.TransferCompleted;
import dev.annals.accounts.AccountEvent.TransferReceived;
import dev.annals.accounts.AccountEvent.TransferRefunded;
import dev.annals.accounts.AccountEvent.TransferSent;
import dev.annals.accounts.AccountsDomain;
import dev.annals.accounts.OpenTransfer;
import dev.annals.api.Decider;
import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.LoggedEvent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the events of all accounts say of transfers, when all is quiet: the process knows nothing of it. */
final class TransfersCheck {

    private static final String ACCOUNTS = "accounts";

    private final Findings findings;
    private final Decider<AccountCommand, Account, AccountEvent> decider =
            new AccountsDomain().aggregate().decider();
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final Map<Id, Transfer> transfers = new LinkedHashMap<>();
    private BigDecimal paidIn = BigDecimal.ZERO;

    private record Id(String from, long number) {}

    /** What was booked of a transfer. */
    private static final class Transfer {
        private final List<TransferSent> sent = new ArrayList<>();
        private final List<Received> received = new ArrayList<>();
        private int completed;
        private int refunded;

        private boolean isRight() {
            return sent.size() == 1 && (isCompleted(sent.getFirst()) || isRefunded());
        }

        private boolean isCompleted(TransferSent once) {
            return completed == 1 && refunded == 0 && isReceived(once);
        }

        private boolean isRefunded() {
            return completed == 0 && refunded == 1 && received.isEmpty();
        }

        private boolean isReceived(TransferSent once) {
            return received.size() == 1
                    && received.getFirst().by.equals(once.to())
                    && received.getFirst().amount.compareTo(once.amount()) == 0;
        }

        @Override
        public String toString() {
            return "sent: %s, received: %s, completed %d times, refunded %d times"
                    .formatted(sent, received, completed, refunded);
        }
    }

    private record Received(String by, BigDecimal amount) {}

    private TransfersCheck(Findings findings) {
        this.findings = findings;
    }

    static void check(EventStreams streams, Findings findings) {
        TransfersCheck check = new TransfersCheck(findings);
        for (AggregateRef aggregate : streams.aggregates()) {
            if (aggregate.type().equals(ACCOUNTS)) {
                for (LoggedEvent logged : streams.whole(aggregate).orElse(List.of())) {
                    check.take(aggregate.id(), (AccountEvent) logged.event());
                }
            }
        }
        check.checkMoney();
        check.transfers.forEach((id, transfer) -> {
            if (!transfer.isRight()) {
                findings.add(Rule.TRANSFER, id.from + "~" + id.number, transfer.toString());
            }
        });
    }

    private void take(String account, AccountEvent event) {
        accounts.put(account, decider.evolve(accounts.getOrDefault(account, decider.initial()), event));
        switch (event) {
            case MoneyDeposited deposited -> paidIn = paidIn.add(deposited.amount());
            case MoneyWithdrawn withdrawn -> paidIn = paidIn.subtract(withdrawn.amount());
            case TransferSent sent -> transfer(account, sent.number()).sent.add(sent);
            case TransferReceived received ->
                transfer(received.from(), received.number()).received.add(new Received(account, received.amount()));
            case TransferCompleted completed -> transfer(account, completed.number()).completed++;
            case TransferRefunded refunded -> transfer(account, refunded.number()).refunded++;
            default -> {} // moves no money
        }
    }

    private Transfer transfer(String from, long number) {
        return transfers.computeIfAbsent(new Id(from, number), any -> new Transfer());
    }

    private void checkMoney() {
        BigDecimal there = BigDecimal.ZERO;
        for (Account account : accounts.values()) {
            there = account.openTransfers().stream()
                    .map(OpenTransfer::amount)
                    .reduce(there.add(account.balance()), BigDecimal::add);
        }
        if (there.compareTo(paidIn) != 0) {
            findings.add(
                    Rule.MONEY,
                    ACCOUNTS,
                    "%s was paid in and not withdrawn, but %s is on the accounts and under way"
                            .formatted(paidIn.toPlainString(), there.toPlainString()));
        }
    }
}
