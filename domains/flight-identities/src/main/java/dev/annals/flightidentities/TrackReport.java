package dev.annals.flightidentities;

import dev.annals.api.Doc;
import org.jspecify.annotations.Nullable;

@Doc("That a message tells where the aircraft was, at the time of the message.")
public record TrackReport(
        @Doc("Degrees, north positive; -90 to 90.") double latitude,
        @Doc("Degrees, east positive; -180 to 180.") double longitude,
        @Doc("Feet.") @Nullable Double altitude,
        @Doc("Knots; at least 0.") @Nullable Double groundSpeed) {}
