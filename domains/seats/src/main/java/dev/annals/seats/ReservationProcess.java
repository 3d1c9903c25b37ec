package dev.annals.seats;

import static java.util.Objects.requireNonNull;

import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountCommand.Withdraw;
import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.api.Effect;
import dev.annals.api.Effect.At;
import dev.annals.api.Effect.Cancel;
import dev.annals.api.Effect.Send;
import dev.annals.api.Ids;
import dev.annals.api.Input;
import dev.annals.api.Input.Answered;
import dev.annals.api.Input.Due;
import dev.annals.api.Input.Happened;
import dev.annals.api.Input.Outcome;
import dev.annals.api.ProcessManager;
import dev.annals.orders.OrderCommand;
import dev.annals.orders.OrderCommand.CancelOrder;
import dev.annals.orders.OrderCommand.PayOrder;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderLinesChanged;
import dev.annals.orders.OrderEvent.OrderPaid;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderEvent.PaymentRefunded;
import dev.annals.orders.OrderLine;
import dev.annals.seats.ConferenceCommand.CancelReservation;
import dev.annals.seats.ConferenceCommand.ReserveSeats;
import dev.annals.seats.Reservation.Hold;
import dev.annals.seats.Reservation.Stage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Seats that are ordered: a line whose article is {@code seats:<conference>} reserves as many seats there as it has
 * pieces, under the order's id. The order keeps them when it is paid in time; else it is cancelled, and so is an order
 * for which one conference has not the seats. An instance is an order.
 *
 * <p>An order is only ever cancelled at the version that was seen: if it was paid or changed meanwhile the command is
 * rejected, and what has happened comes soon. So whoever pays in time is never cancelled for being late, and whoever
 * comes too late is told so by the order itself. Seats are given back when the order has been cancelled, whoever did
 * it, and not before.
 *
 * <p>A deposit whose reference is {@code order:<order>} pays that order, any order; where it is refused, and where an
 * order that was paid so is cancelled, the money goes back from that account. Nothing ends an instance, since money can
 * come at any time.
 */
public final class ReservationProcess implements ProcessManager<Reservation> {

    static final String NAME = "reservations";

    /** From the time of the order on. */
    static final Duration TIME_TO_PAY = Duration.ofMinutes(15);

    static final String PAYMENT = "payment";

    private static final String SEATS = "seats:";
    private static final String ORDER = "order:";
    private static final String ACCOUNT = "account:";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Class<?>> events() {
        return List.of(OrderEvent.class, AccountEvent.class);
    }

    @Override
    public List<Class<?>> commands() {
        return List.of(ConferenceCommand.class, OrderCommand.class, AccountCommand.class);
    }

    @Override
    public @Nullable String instance(Happened happened) {
        String order = switch (happened.event()) {
            case OrderEvent event -> happened.aggregateId();
            case MoneyDeposited deposited -> idAfter(ORDER, deposited.reference());
            default -> null;
        };
        return order == null ? null : Ids.ofInstance(NAME, order);
    }

    private static @Nullable String idAfter(String prefix, @Nullable String text) {
        if (text == null || !text.startsWith(prefix)) {
            return null;
        }
        String id = text.substring(prefix.length());
        return Ids.isValid(id) ? id : null;
    }

    @Override
    public Class<Reservation> state() {
        return Reservation.class;
    }

    @Override
    public Reservation initial() {
        return Reservation.NONE;
    }

    @Override
    public Reservation evolve(Reservation reservation, Input input) {
        Reservation next = switch (input) {
            case Happened happened -> evolve(reservation, happened);
            case Answered answered -> evolve(reservation, answered);
            case Due due -> reservation.withLate();
        };
        return next.settled();
    }

    private static Reservation evolve(Reservation reservation, Happened happened) {
        return switch (happened.event()) {
            case OrderPlaced placed -> ordered(reservation, happened, placed.lines());
            case OrderLinesChanged changed -> ordered(reservation, happened, changed.lines());
            case OrderPaid paid -> ordered(reservation, happened, Stage.PAID);
            case OrderCancelled cancelled -> ordered(reservation, happened, Stage.CANCELLED);
            case OrderEvent other -> ordered(reservation, happened, reservation.order());
            default -> reservation;
        };
    }

    private static Reservation ordered(Reservation reservation, Happened happened, List<OrderLine> lines) {
        Map<String, Integer> seats = seats(lines);
        return reservation.order() == null && seats.isEmpty()
                ? reservation
                : reservation.ordered(
                        happened.aggregateId(),
                        happened.version(),
                        seats,
                        happened.time().plus(TIME_TO_PAY));
    }

    private static Reservation ordered(Reservation reservation, Happened happened, @Nullable Stage stage) {
        return reservation.order() == null || stage == null
                ? reservation
                : reservation.ordered(happened.version(), stage);
    }

    /** By conference; more than there are numbers for are as many as there are. */
    private static Map<String, Integer> seats(List<OrderLine> lines) {
        Map<String, Integer> seats = new TreeMap<>();
        for (OrderLine line : lines) {
            if (line.sku().startsWith(SEATS)) {
                seats.merge(line.sku().substring(SEATS.length()), line.quantity(), (some, more) ->
                        (int) Math.min(Integer.MAX_VALUE, (long) some + more));
            }
        }
        return seats;
    }

    private static Reservation evolve(Reservation reservation, Answered answered) {
        if (answered.outcome() == Outcome.FAILED) {
            // It can be sent again, and still do what it was to do: go on waiting for it.
            return reservation.withProblem(answered.code());
        }
        String refusal = answered.outcome() == Outcome.REJECTED ? answered.code() : null;
        String at = answered.aggregateId();
        Hold hold = reservation.hold(at);
        return switch (answered.command()) {
            case ReserveSeats reserve
            when refusal == null -> reservation.withHold(at, hold.answered(reserve.seats(), null));
            case ReserveSeats reserve -> {
                // Of what is no longer wanted a refusal says nothing.
                boolean stillWanted = reserve.seats() == reservation.goal(at);
                yield reservation.withHold(at, hold.answered(hold.seats(), stillWanted ? refusal : null));
            }
            case CancelReservation cancel ->
                reservation
                        .withHold(at, hold.answered(0, hold.refused()))
                        .withProblem(isHarmless(refusal) ? reservation.problem() : refusal);
            case CancelOrder cancel ->
                reservation.withoutPendingCancel().withProblem(isHarmless(refusal) ? reservation.problem() : refusal);
            case Withdraw back when refusal != null -> reservation.withProblem(refusal);
            default -> reservation;
        };
    }

    /** What was to be cancelled is already, or the order has moved on and is looked at again. */
    private static boolean isHarmless(@Nullable String refusal) {
        return refusal == null
                || refusal.equals("reservation-not-found")
                || refusal.equals("order-cancelled")
                || refusal.equals("version-conflict");
    }

    @Override
    public List<Effect> react(Reservation reservation, Input input) {
        List<Effect> effects = new ArrayList<>();
        switch (input) {
            case Happened happened -> react(reservation, happened, effects);
            case Answered answered -> react(answered, effects);
            case Due due -> {}
        }
        reservation.holds().forEach((conference, hold) -> ask(reservation, conference, hold, effects));
        if (reservation.cancelNow()) {
            effects.add(new Send(
                    requireNonNull(reservation.orderId()),
                    new CancelOrder(requireNonNull(reservation.objection())),
                    reservation.orderVersion()));
        }
        return effects;
    }

    private static void react(Reservation reservation, Happened happened, List<Effect> effects) {
        switch (happened.event()) {
            case MoneyDeposited deposited -> pay(happened.aggregateId(), deposited, effects);
            case PaymentRefunded refunded ->
                giveBack(refunded.method(), refunded.amount(), happened.aggregateId(), effects);
            case OrderPlaced placed -> time(reservation, effects);
            case OrderLinesChanged changed -> time(reservation, effects);
            case OrderPaid paid -> time(reservation, effects);
            case OrderCancelled cancelled -> time(reservation, effects);
            default -> {}
        }
    }

    private static void react(Answered answered, List<Effect> effects) {
        if (answered.command() instanceof PayOrder pay && answered.outcome() == Outcome.REJECTED) {
            giveBack(pay.method(), pay.amount(), answered.aggregateId(), effects);
        }
    }

    private static void time(Reservation reservation, List<Effect> effects) {
        Instant payBy = reservation.payBy();
        if (payBy == null || reservation.late()) {
            return;
        }
        effects.add(reservation.awaitsPayment() ? new At(PAYMENT, payBy) : new Cancel(PAYMENT));
    }

    private static void pay(String account, MoneyDeposited deposited, List<Effect> effects) {
        String order = idAfter(ORDER, deposited.reference());
        if (order != null) {
            effects.add(new Send(order, new PayOrder(ACCOUNT + account, deposited.amount())));
        }
    }

    private static void giveBack(String method, BigDecimal amount, String order, List<Effect> effects) {
        String account = idAfter(ACCOUNT, method);
        if (account != null) {
            effects.add(new Send(account, new Withdraw(amount, null, ORDER + order)));
        }
    }

    private static void ask(Reservation reservation, String conference, Hold hold, List<Effect> effects) {
        String id = requireNonNull(reservation.orderId());
        Send reserve = new Send(conference, new ReserveSeats(id, reservation.goal(conference)));
        Send cancel = new Send(conference, new CancelReservation(id));
        switch (hold.now()) {
            case NOTHING -> {}
            case RESERVE -> effects.add(reserve);
            case CANCEL -> effects.add(cancel);
            case REPLACE -> effects.addAll(List.of(cancel, reserve));
        }
    }
}
