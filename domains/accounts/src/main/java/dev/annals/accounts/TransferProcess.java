package dev.annals.accounts;

import dev.annals.accounts.AccountCommand.CompleteTransfer;
import dev.annals.accounts.AccountCommand.ReceiveTransfer;
import dev.annals.accounts.AccountCommand.RefundTransfer;
import dev.annals.accounts.AccountEvent.TransferCompleted;
import dev.annals.accounts.AccountEvent.TransferReceived;
import dev.annals.accounts.AccountEvent.TransferRefunded;
import dev.annals.accounts.AccountEvent.TransferSent;
import dev.annals.accounts.Transfer.Step;
import dev.annals.api.Effect;
import dev.annals.api.Effect.End;
import dev.annals.api.Effect.Send;
import dev.annals.api.Ids;
import dev.annals.api.Input;
import dev.annals.api.Input.Answered;
import dev.annals.api.Input.Due;
import dev.annals.api.Input.Happened;
import dev.annals.api.Input.Outcome;
import dev.annals.api.ProcessManager;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Money between two accounts: booked on both, or back where it came from. An instance is one transfer, named after the
 * account that sends it and its number there.
 *
 * <p>It goes by the accounts' own events; of the answers it needs the rejections alone. A rejection says that the money
 * is not on the other account and will not be, and nothing else says so: a command that failed stands in the dead
 * letters, from where it can be sent again, and one without an answer can still be decided. Whoever paid back then
 * would have paid twice. So such a transfer stays open, with the money on neither account, where everybody sees it; it
 * goes on when the command does.
 */
public final class TransferProcess implements ProcessManager<Transfer> {

    static final String NAME = "transfers";

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
    public @Nullable String instance(Happened happened) {
        return switch (happened.event()) {
            case TransferSent sent -> id(happened.aggregateId(), sent.number());
            case TransferReceived received -> id(received.from(), received.number());
            case TransferCompleted completed -> id(happened.aggregateId(), completed.number());
            case TransferRefunded refunded -> id(happened.aggregateId(), refunded.number());
            default -> null;
        };
    }

    private static String id(String from, long number) {
        return Ids.ofInstance(NAME, from + "~" + number);
    }

    @Override
    public Class<Transfer> state() {
        return Transfer.class;
    }

    @Override
    public Transfer initial() {
        return Transfer.NONE;
    }

    @Override
    public Transfer evolve(Transfer transfer, Input input) {
        return switch (input) {
            case Happened happened -> evolve(transfer, happened);
            case Answered answered -> evolve(transfer, answered);
            case Due due -> transfer;
        };
    }

    private static Transfer evolve(Transfer transfer, Happened happened) {
        return switch (happened.event()) {
            case TransferSent sent -> Transfer.sent(happened.aggregateId(), sent);
            // What was never sent, or has come back, somebody else has made up.
            case TransferReceived received -> transfer.step() == Step.SENT ? transfer.at(Step.RECEIVED) : transfer;
            case TransferCompleted completed -> transfer.at(Step.COMPLETED);
            case TransferRefunded refunded -> transfer.at(Step.REFUNDED);
            default -> transfer;
        };
    }

    private static Transfer evolve(Transfer transfer, Answered answered) {
        Transfer told = answered.outcome() == Outcome.ACCEPTED ? transfer : transfer.withProblem(answered.code());
        return isRefused(answered) && transfer.step() == Step.SENT ? told.at(Step.REFUSED) : told;
    }

    private static boolean isRefused(Answered answered) {
        return answered.command() instanceof ReceiveTransfer && answered.outcome() == Outcome.REJECTED;
    }

    @Override
    public List<Effect> react(Transfer transfer, Input input) {
        return switch (input) {
            case Happened happened -> react(transfer, happened);
            case Answered answered ->
                isRefused(answered) && transfer.step() == Step.REFUSED
                        ? List.of(refund(answered, (ReceiveTransfer) answered.command()))
                        : List.of();
            case Due due -> List.of();
        };
    }

    private static List<Effect> react(Transfer transfer, Happened happened) {
        return switch (happened.event()) {
            case TransferSent sent -> List.of(receive(happened.aggregateId(), sent));
            case TransferReceived received
            when transfer.step() == Step.RECEIVED ->
                List.of(new Send(received.from(), new CompleteTransfer(received.number())));
            case TransferCompleted completed -> List.of(new End());
            case TransferRefunded refunded -> List.of(new End());
            default -> List.of();
        };
    }

    private static Send receive(String from, TransferSent sent) {
        return new Send(
                sent.to(), new ReceiveTransfer(from, sent.number(), sent.amount(), sent.currency(), sent.reference()));
    }

    private static Send refund(Answered refused, ReceiveTransfer receive) {
        String reason = refused.code() == null ? "rejected" : refused.code();
        return new Send(receive.from(), new RefundTransfer(receive.number(), reason));
    }
}
