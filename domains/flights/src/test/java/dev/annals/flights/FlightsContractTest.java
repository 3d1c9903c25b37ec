package dev.annals.flights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.AggregateType;
import dev.annals.api.View;
import dev.annals.flights.FlightCommand.CreateFlight;
import dev.annals.testkit.DomainContract;
import dev.annals.testkit.Schemas;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The names that others rely on, and what every domain is held to. */
class FlightsContractTest extends DomainContract {

    FlightsContractTest() {
        super(new FlightsDomain(), Schemas.of(new FlightsDomain()).in(Path.of("../../schemas/src/main/resources")));
    }

    @Test
    void rejection_codes_are_those_of_the_contract() {
        assertThat(Arrays.stream(FlightRejection.values()).map(FlightRejection::code))
                .containsExactlyInAnyOrder(
                        "flight-already-exists",
                        "flight-not-found",
                        "flight-closed",
                        "invalid-callsign",
                        "unknown-airport",
                        "star-not-valid-for-destination",
                        "invalid-position",
                        "invalid-merge");
    }

    @Test
    void the_type_and_its_views_have_the_names_of_the_contract() {
        AggregateType<?, ?, ?> type = new FlightsDomain().aggregate();

        assertThat(type.name()).isEqualTo("flights");
        assertThat(type.namespace()).isEqualTo("annals");
        assertThat(type.createdBy()).isEqualTo(CreateFlight.class);
        assertThat(new FlightsDomain().views()).extracting(View::name).containsExactly("flights", "airport-flights");
    }
}
