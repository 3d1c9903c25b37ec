package dev.annals.flightidentities;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.AggregateType;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.testkit.DomainContract;
import dev.annals.testkit.Schemas;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The names that others rely on, and what every domain is held to. */
class FlightIdentitiesContractTest extends DomainContract {

    FlightIdentitiesContractTest() {
        super(
                new FlightIdentitiesDomain(),
                Schemas.of(new FlightIdentitiesDomain()).in(Path.of("../../schemas/src/main/resources")));
    }

    @Test
    void rejection_codes_are_those_of_the_contract() {
        assertThat(Arrays.stream(IdentityRejection.values()).map(IdentityRejection::code))
                .containsExactlyInAnyOrder(
                        "invalid-identification",
                        "identification-too-late",
                        "too-many-names",
                        "flight-not-found",
                        "flight-closed",
                        "invalid-merge");
    }

    @Test
    void the_type_its_commands_its_view_and_its_process_have_the_names_of_the_contract() {
        AggregateType<?, ?, ?> type = new FlightIdentitiesDomain().aggregate();

        assertThat(type.name()).isEqualTo("flight-identities");
        assertThat(type.namespace()).isEqualTo("annals");
        assertThat(type.commands().getPermittedSubclasses())
                .extracting(Class::getSimpleName)
                .containsExactlyInAnyOrder("Identify", "MergeFlights");
        assertThat(type.createdBy()).isEqualTo(Identify.class);
        assertThat(new FlightIdentitiesDomain().views()).extracting(View::name).containsExactly("flight-identities");
        assertThat(new FlightIdentitiesDomain().processes())
                .extracting(ProcessManager::name)
                .containsExactly("flight-intake");
    }
}
