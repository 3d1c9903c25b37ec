package dev.annals.seats;

import static dev.annals.seats.ConferenceRejection.CAPACITY_BELOW_RESERVED;
import static dev.annals.seats.ConferenceRejection.CONFERENCE_ALREADY_EXISTS;
import static dev.annals.seats.ConferenceRejection.CONFERENCE_CLOSED;
import static dev.annals.seats.ConferenceRejection.CONFERENCE_NOT_FOUND;
import static dev.annals.seats.ConferenceRejection.INVALID_SEATS;
import static dev.annals.seats.ConferenceRejection.NOT_ENOUGH_SEATS;
import static dev.annals.seats.ConferenceRejection.RESERVATION_ALREADY_EXISTS;
import static dev.annals.seats.ConferenceRejection.RESERVATION_NOT_FOUND;

import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.seats.ConferenceCommand.CancelReservation;
import dev.annals.seats.ConferenceCommand.ChangeCapacity;
import dev.annals.seats.ConferenceCommand.CloseConference;
import dev.annals.seats.ConferenceCommand.OpenConference;
import dev.annals.seats.ConferenceCommand.ReserveSeats;
import dev.annals.seats.ConferenceEvent.CapacityChanged;
import dev.annals.seats.ConferenceEvent.ConferenceClosed;
import dev.annals.seats.ConferenceEvent.ConferenceOpened;
import dev.annals.seats.ConferenceEvent.ReservationCancelled;
import dev.annals.seats.ConferenceEvent.SeatsReserved;
import java.util.function.Supplier;

/**
 * The rules of a conference: no seat is reserved twice. A rule on the conference's status comes before one on the
 * command's own fields, and a wrong number before what it is compared with.
 */
public final class ConferenceDecider implements Decider<ConferenceCommand, Conference, ConferenceEvent> {

    @Override
    public Conference initial() {
        return Conference.NONE;
    }

    @Override
    public Decision<ConferenceEvent> decide(ConferenceCommand command, Conference conference) {
        return switch (command) {
            case OpenConference open -> open(open, conference);
            case ReserveSeats reserve -> ifOpen(conference, () -> reserve(reserve, conference));
            case CancelReservation cancel -> ifOpen(conference, () -> cancel(cancel, conference));
            case ChangeCapacity change -> ifOpen(conference, () -> change(change, conference));
            case CloseConference close -> ifOpen(conference, () -> Decision.accept(new ConferenceClosed()));
        };
    }

    @Override
    public Conference evolve(Conference conference, ConferenceEvent event) {
        return switch (event) {
            case ConferenceOpened opened -> Conference.opened(opened);
            case SeatsReserved reserved -> conference.withReservation(reserved.reservationId(), reserved.seats());
            case ReservationCancelled cancelled -> conference.withoutReservation(cancelled.reservationId());
            case CapacityChanged changed -> conference.withCapacity(changed.capacity());
            case ConferenceClosed closed -> conference.closed();
        };
    }

    private static Decision<ConferenceEvent> open(OpenConference open, Conference conference) {
        if (conference.status() != null) {
            return CONFERENCE_ALREADY_EXISTS.because("a conference with this id was opened before");
        }
        return open.capacity() < 0
                ? negative(open.capacity())
                : Decision.accept(new ConferenceOpened(open.name(), open.capacity()));
    }

    private static Decision<ConferenceEvent> reserve(ReserveSeats reserve, Conference conference) {
        if (reserve.seats() < 1) {
            return INVALID_SEATS.because(
                    "at least 1 seat is reserved, but %d were asked for".formatted(reserve.seats()));
        }
        Integer before = conference.reservations().get(reserve.reservationId());
        if (before != null) {
            return RESERVATION_ALREADY_EXISTS.because(
                    "the reservation %s stands, with %d seats".formatted(reserve.reservationId(), before));
        }
        if (reserve.seats() > conference.available()) {
            return NOT_ENOUGH_SEATS.because("%d of %d seats are available, but %d were asked for"
                    .formatted(conference.available(), conference.capacity(), reserve.seats()));
        }
        return Decision.accept(new SeatsReserved(reserve.reservationId(), reserve.seats()));
    }

    private static Decision<ConferenceEvent> cancel(CancelReservation cancel, Conference conference) {
        Integer seats = conference.reservations().get(cancel.reservationId());
        return seats == null
                ? RESERVATION_NOT_FOUND.because("there is no reservation %s".formatted(cancel.reservationId()))
                : Decision.accept(new ReservationCancelled(cancel.reservationId(), seats));
    }

    private static Decision<ConferenceEvent> change(ChangeCapacity change, Conference conference) {
        if (change.capacity() < 0) {
            return negative(change.capacity());
        }
        return change.capacity() < conference.reserved()
                ? CAPACITY_BELOW_RESERVED.because("%d seats are reserved, but the capacity would be %d"
                        .formatted(conference.reserved(), change.capacity()))
                : Decision.accept(new CapacityChanged(change.capacity()));
    }

    private static Decision<ConferenceEvent> negative(int capacity) {
        return INVALID_SEATS.because("the capacity must be at least 0, but is " + capacity);
    }

    private static Decision<ConferenceEvent> ifOpen(
            Conference conference, Supplier<Decision<ConferenceEvent>> decision) {
        return switch (conference.status()) {
            case null -> CONFERENCE_NOT_FOUND.because("no conference with this id was opened");
            case OPEN -> decision.get();
            case CLOSED -> CONFERENCE_CLOSED.because("the conference is closed");
        };
    }
}
