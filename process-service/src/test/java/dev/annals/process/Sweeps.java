package dev.annals.process;

import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.Withdraw;
import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountsDomain;
import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.Effect;
import dev.annals.api.Input;
import dev.annals.api.Input.Outcome;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process for tests on accounts, which does what the reference of a deposit says: {@code sweep:b} moves the money on
 * to b, and back if b does not take it; {@code alarm:500} deposits a cent 500 ms later; {@code large} sends a command
 * that fails; {@code bug} throws.
 */
final class Sweeps implements ProcessManager<Sweeps.Sweep> {

    static final String NAME = "sweeps";
    static final BigDecimal CENT = new BigDecimal("0.01");

    /** Larger than an event may be in these tests. */
    private static final String LARGE = "x".repeat(Bank.MAX_RECORD_BYTES);

    record Sweep(
            @Nullable String source,
            @Nullable String order,
            @Nullable BigDecimal amount,
            @Nullable String answers) {

        Sweep and(String answer) {
            return new Sweep(source, order, amount, answers == null ? answer : answers + ", " + answer);
        }
    }

    /** Accounts, with this process instead of their own. */
    static final class Accounts implements Domain {

        private final AccountsDomain accounts = new AccountsDomain();

        @Override
        public AggregateType<?, ?, ?> aggregate() {
            return accounts.aggregate();
        }

        @Override
        public List<View<?, ?>> views() {
            return accounts.views();
        }

        @Override
        public List<ProcessManager<?>> processes() {
            return List.of(new Sweeps());
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Class<?>> events() {
        return List.of(AccountEvent.class);
    }

    @Override
    public List<Class<?>> commands() {
        return List.of(AccountCommand.class);
    }

    @Override
    public @Nullable String instance(Input.Happened happened) {
        return happened.event() instanceof MoneyDeposited deposited
                        && deposited.reference() != null
                        && deposited.reference().matches("(sweep|alarm):.*|large|bug")
                ? happened.aggregateId() + "~" + happened.version()
                : null;
    }

    @Override
    public Class<Sweep> state() {
        return Sweep.class;
    }

    @Override
    public Sweep initial() {
        return new Sweep(null, null, null, null);
    }

    @Override
    public Sweep evolve(Sweep sweep, Input input) {
        return switch (input) {
            case Input.Happened happened -> {
                MoneyDeposited deposited = (MoneyDeposited) happened.event();
                yield new Sweep(happened.aggregateId(), deposited.reference(), deposited.amount(), null);
            }
            case Input.Answered answered -> sweep.and(answered.outcome() + " " + answered.code());
            case Input.Due due -> sweep;
        };
    }

    @Override
    public List<Effect> react(Sweep sweep, Input input) {
        String source = String.valueOf(sweep.source());
        String order = String.valueOf(sweep.order());
        return switch (input) {
            case Input.Happened happened
            when order.startsWith("sweep:") ->
                List.of(new Effect.Send(source, new Withdraw(amount(sweep), null, "swept")));
            case Input.Happened happened
            when order.startsWith("alarm:") ->
                List.of(new Effect.At(
                        "alarm",
                        happened.time().plus(Duration.ofMillis(Long.parseLong(order.substring("alarm:".length()))))));
            case Input.Happened happened
            when order.equals("large") -> List.of(new Effect.Send(source, new Deposit(CENT, null, LARGE)));
            case Input.Happened happened -> throw new IllegalStateException("a bug, as it was ordered");
            case Input.Answered(var id, Withdraw sent, var outcome, var version, var code, var message, var time)
            when outcome == Outcome.ACCEPTED ->
                List.of(new Effect.Send(
                        order.substring("sweep:".length()), new Deposit(sent.amount(), null, "from " + source)));
            case Input.Answered answered
            when answered.command() instanceof Deposit
                    && answered.outcome() == Outcome.REJECTED
                    && !answered.aggregateId().equals(source) ->
                List.of(new Effect.Send(source, new Deposit(amount(sweep), null, "back")));
            case Input.Answered answered -> List.of();
            case Input.Due due -> List.of(new Effect.Send(source, new Deposit(CENT, null, "rang")));
        };
    }

    private static BigDecimal amount(Sweep sweep) {
        return sweep.amount() == null ? BigDecimal.ZERO : sweep.amount();
    }
}
