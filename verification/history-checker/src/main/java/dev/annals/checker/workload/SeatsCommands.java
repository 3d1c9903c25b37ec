package dev.annals.checker.workload;

import dev.annals.seats.ConferenceCommand;
import dev.annals.seats.ConferenceCommand.CancelReservation;
import dev.annals.seats.ConferenceCommand.ChangeCapacity;
import dev.annals.seats.ConferenceCommand.CloseConference;
import dev.annals.seats.ConferenceCommand.OpenConference;
import dev.annals.seats.ConferenceCommand.ReserveSeats;
import java.util.SplittableRandom;

/** Random commands on a conference with about as many seats as are wanted, and few names for reservations. */
final class SeatsCommands {

    private static final int MAX_CAPACITY = 16;
    private static final int MAX_SEATS = 4;
    private static final int RESERVATIONS = 8;

    private SeatsCommands() {}

    static ConferenceCommand any(SplittableRandom random) {
        int kind = random.nextInt(100);
        if (kind < 12) {
            return new OpenConference("conference-" + random.nextInt(3), capacity(random));
        }
        if (kind < 60) {
            return new ReserveSeats(reservation(random), random.nextInt(MAX_SEATS + 1));
        }
        if (kind < 85) {
            return new CancelReservation(reservation(random));
        }
        return kind < 98 ? new ChangeCapacity(capacity(random)) : new CloseConference();
    }

    private static int capacity(SplittableRandom random) {
        return random.nextInt(-1, MAX_CAPACITY + 1);
    }

    private static String reservation(SplittableRandom random) {
        return "reservation-" + random.nextInt(RESERVATIONS);
    }
}
