package dev.annals.checker.workload;

import dev.annals.accounts.AccountsDomain;
import dev.annals.api.AggregateType;
import dev.annals.api.ProcessManager;
import dev.annals.checker.workload.Plan.Commands;
import dev.annals.orders.OrdersDomain;
import dev.annals.seats.SeatsDomain;
import java.util.List;

/** What the clients do. */
public enum Scenario {
    /** Commands of every kind, on aggregates of each type. */
    COMMANDS,
    /** Money between accounts, which a process takes from one to another. */
    TRANSFERS;

    /** Whose commands are sent. */
    public List<AggregateType<?, ?, ?>> types() {
        return switch (this) {
            case COMMANDS ->
                List.of(
                        new AccountsDomain().aggregate(),
                        new OrdersDomain().aggregate(),
                        new SeatsDomain().aggregate());
            case TRANSFERS -> List.of(new AccountsDomain().aggregate());
        };
    }

    /** The names of the processes that send commands, too. */
    public List<String> processes() {
        return switch (this) {
            case COMMANDS -> List.of();
            case TRANSFERS ->
                new AccountsDomain()
                        .processes().stream().map(ProcessManager::name).toList();
        };
    }

    Commands commands() {
        return switch (this) {
            case COMMANDS -> new EveryCommand();
            case TRANSFERS -> new TransferCommands();
        };
    }
}
