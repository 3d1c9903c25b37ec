package dev.annals.flightidentities;

import dev.annals.api.Doc;
import org.jspecify.annotations.Nullable;

@Doc(
        "That a message tells the plan of its flight: its airports, its departure, and this. What is absent is not planned.")
public record PlanReport(
        @Doc("Standard terminal arrival route; absent: none is planned.") @Nullable
        String star,

        @Doc("Type designator, for instance B738.") @Nullable
        String aircraftType,

        @Doc("Registration mark, for instance N201FQ.") @Nullable
        String registration) {}
