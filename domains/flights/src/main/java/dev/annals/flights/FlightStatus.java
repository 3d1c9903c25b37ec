package dev.annals.flights;

import dev.annals.api.Doc;

@Doc("Whether the plan of a flight can still change.")
public enum FlightStatus {
    ACTIVE,
    CANCELLED,
    MERGED
}
