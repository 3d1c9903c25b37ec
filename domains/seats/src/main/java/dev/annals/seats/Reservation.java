package dev.annals.seats;

import dev.annals.api.Ids;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the process {@code reservations} knows of an order with seats: what is ordered, what is held for it, and what is
 * to be done now. It says what it is like after an input; {@link ReservationProcess} says it to others.
 *
 * @param orderId null as long as no seats were ordered
 * @param order how far the order has got; null as long as no seats were ordered
 * @param orderVersion of the last event of the order
 * @param payBy when the time to pay is over; null as long as no seats were ordered
 * @param late that time is over
 * @param wanted seats by conference, as the order's lines say
 * @param holds what is asked of each conference, and what it has granted
 * @param cancelAskedAt version of the order at which it was last asked to be cancelled; 0 if it never was
 * @param cancelPending that has no answer yet
 * @param cancelNow what the last input asks for: cancel the order
 * @param problem the code of the last answer that an operator should look at; null if there was none
 */
public record Reservation(
        @Nullable String orderId,
        @Nullable Stage order,
        long orderVersion,
        @Nullable Instant payBy,
        boolean late,
        Map<String, Integer> wanted,
        Map<String, Hold> holds,
        long cancelAskedAt,
        boolean cancelPending,
        boolean cancelNow,
        @Nullable String problem) {

    static final Reservation NONE =
            new Reservation(null, null, 0, null, false, Map.of(), Map.of(), 0, false, false, null);

    public Reservation {
        // Sorted, so that the same state is always written as the same bytes, and does the same in the same order.
        wanted = Collections.unmodifiableSortedMap(new TreeMap<>(wanted));
        holds = Collections.unmodifiableSortedMap(new TreeMap<>(holds));
    }

    /** How far an order has got, as far as its seats are concerned. */
    public enum Stage {
        PLACED,
        PAID,
        CANCELLED
    }

    /** What the last input asks of a conference. */
    public enum Ask {
        NOTHING,
        RESERVE,
        CANCEL,

        /** Cancel, and reserve another number: under one id there is one reservation. */
        REPLACE
    }

    /**
     * Seats at one conference.
     *
     * @param seats how many are reserved
     * @param pending how many commands have no answer yet
     * @param refused the code with which what is wanted was refused; null if it was not
     * @param now what the last input asks for
     */
    public record Hold(int seats, int pending, @Nullable String refused, Ask now) {

        static final Hold NONE = new Hold(0, 0, null, Ask.NOTHING);

        Hold answered(int granted, @Nullable String refusal) {
            return new Hold(granted, pending - 1, refusal, Ask.NOTHING);
        }

        Hold refused(@Nullable String code) {
            return new Hold(seats, pending, code, now);
        }

        /** One thing at a time: while an answer is missing nothing more is asked for. */
        private Hold toward(int goal) {
            boolean nothing = pending > 0 || seats == goal || (seats == 0 && refused != null);
            Ask ask = nothing ? Ask.NOTHING : seats == 0 ? Ask.RESERVE : goal == 0 ? Ask.CANCEL : Ask.REPLACE;
            int commands = ask == Ask.NOTHING ? 0 : ask == Ask.REPLACE ? 2 : 1;
            return new Hold(seats, pending + commands, refused, ask);
        }

        private boolean isNothing() {
            return seats == 0 && pending == 0 && refused == null;
        }
    }

    Reservation ordered(String id, long version, Map<String, Integer> seats, Instant newPayBy) {
        Map<String, Hold> asked = new TreeMap<>(holds);
        asked.replaceAll((conference, hold) -> hold.refused(null));
        boolean begins = wanted.isEmpty();
        return new Reservation(
                id,
                Stage.PLACED,
                version,
                begins ? newPayBy : payBy,
                late && !begins,
                seats,
                asked,
                cancelAskedAt,
                cancelPending,
                false,
                problem);
    }

    Reservation ordered(long version, Stage stage) {
        return new Reservation(
                orderId, stage, version, payBy, late, wanted, holds, cancelAskedAt, cancelPending, cancelNow, problem);
    }

    Reservation withLate() {
        return new Reservation(
                orderId,
                order,
                orderVersion,
                payBy,
                true,
                wanted,
                holds,
                cancelAskedAt,
                cancelPending,
                cancelNow,
                problem);
    }

    Reservation withHold(String conference, Hold hold) {
        Map<String, Hold> changed = new TreeMap<>(holds);
        changed.put(conference, hold);
        return with(changed, cancelAskedAt, cancelPending, cancelNow, problem);
    }

    Reservation withoutPendingCancel() {
        return with(holds, cancelAskedAt, false, cancelNow, problem);
    }

    Reservation withProblem(@Nullable String code) {
        return with(holds, cancelAskedAt, cancelPending, cancelNow, code);
    }

    private Reservation with(
            Map<String, Hold> newHolds, long askedAt, boolean pending, boolean now, @Nullable String newProblem) {
        return new Reservation(
                orderId, order, orderVersion, payBy, late, wanted, newHolds, askedAt, pending, now, newProblem);
    }

    Hold hold(String conference) {
        return holds.getOrDefault(conference, Hold.NONE);
    }

    /** How many seats are to be held: none of an order that was cancelled. */
    int goal(String conference) {
        return order == Stage.CANCELLED ? 0 : wanted.getOrDefault(conference, 0);
    }

    /** Whether the time to pay runs. */
    boolean awaitsPayment() {
        return order == Stage.PLACED && !wanted.isEmpty();
    }

    /** Why the order is to be cancelled, in words; null: it is not. */
    @Nullable
    String objection() {
        if (order == null || order == Stage.CANCELLED) {
            return null;
        }
        for (Map.Entry<String, Hold> each : holds.entrySet()) {
            if (each.getValue().refused() != null) {
                return "no seats at %s: %s"
                        .formatted(each.getKey(), each.getValue().refused());
            }
        }
        return late && awaitsPayment() ? "not paid by " + payBy : null;
    }

    /** What is to be done now, so that it comes to what is wanted: all of the seats, or none and no order. */
    Reservation settled() {
        Map<String, Hold> next = new TreeMap<>();
        TreeSet<String> conferences = new TreeSet<>(wanted.keySet());
        conferences.addAll(holds.keySet());
        for (String conference : conferences) {
            Hold hold = hold(conference);
            // Nobody could be asked.
            Hold possible =
                    Ids.isValid(conference) || goal(conference) == 0 ? hold : hold.refused("conference-not-found");
            Hold asked = possible.toward(goal(conference));
            if (goal(conference) > 0 || !asked.isNothing()) {
                next.put(conference, asked);
            }
        }
        Reservation settled = with(next, cancelAskedAt, cancelPending, false, problem);
        // At each version once: where the order has changed since, its event is on the way, and may be the payment.
        return settled.objection() != null && !cancelPending && orderVersion > cancelAskedAt
                ? settled.with(next, orderVersion, true, true, problem)
                : settled;
    }
}
