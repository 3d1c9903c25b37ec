package dev.annals.seats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.AggregateType;
import dev.annals.api.View;
import dev.annals.seats.ConferenceCommand.OpenConference;
import dev.annals.testkit.DomainContract;
import dev.annals.testkit.Schemas;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The names that others rely on, and what every domain is held to. */
class SeatsContractTest extends DomainContract {

    SeatsContractTest() {
        super(new SeatsDomain(), Schemas.of(new SeatsDomain()).in(Path.of("../../schemas/src/main/resources")));
    }

    @Test
    void rejection_codes_are_those_of_the_contract() {
        assertThat(Arrays.stream(ConferenceRejection.values()).map(ConferenceRejection::code))
                .containsExactlyInAnyOrder(
                        "conference-already-exists",
                        "conference-not-found",
                        "not-enough-seats",
                        "reservation-already-exists",
                        "reservation-not-found",
                        "capacity-below-reserved",
                        "conference-closed",
                        "invalid-seats");
    }

    @Test
    void the_type_and_its_view_have_the_names_of_the_contract() {
        AggregateType<?, ?, ?> type = new SeatsDomain().aggregate();

        assertThat(type.name()).isEqualTo("seats");
        assertThat(type.namespace()).isEqualTo("annals");
        assertThat(type.createdBy()).isEqualTo(OpenConference.class);
        assertThat(Arrays.stream(type.commands().getPermittedSubclasses()).map(Class::getSimpleName))
                .containsExactlyInAnyOrder(
                        "OpenConference", "ReserveSeats", "CancelReservation", "ChangeCapacity", "CloseConference");
        assertThat(new SeatsDomain().views()).extracting(View::name).containsExactly("seats");
    }
}
