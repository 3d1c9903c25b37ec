package dev.annals.seats;

import dev.annals.api.Doc;

@Doc("Whether a conference takes reservations.")
public enum ConferenceStatus {
    OPEN,
    CLOSED
}
