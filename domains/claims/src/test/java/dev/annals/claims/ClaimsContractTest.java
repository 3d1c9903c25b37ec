package dev.annals.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.AggregateType;
import dev.annals.api.View;
import dev.annals.claims.ClaimCommand.Claim;
import dev.annals.testkit.DomainContract;
import dev.annals.testkit.Schemas;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The names that others rely on, and what every domain is held to. */
class ClaimsContractTest extends DomainContract {

    ClaimsContractTest() {
        super(new ClaimsDomain(), Schemas.of(new ClaimsDomain()).in(Path.of("../../schemas/src/main/resources")));
    }

    @Test
    void rejection_codes_are_those_of_the_contract() {
        assertThat(Arrays.stream(ClaimRejection.values()).map(ClaimRejection::code))
                .containsExactlyInAnyOrder("already-claimed", "not-claimed", "not-owner");
    }

    @Test
    void the_type_its_commands_and_its_view_have_the_names_of_the_contract() {
        AggregateType<?, ?, ?> type = new ClaimsDomain().aggregate();

        assertThat(type.name()).isEqualTo("claims");
        assertThat(type.namespace()).isEqualTo("annals");
        assertThat(type.commands().getPermittedSubclasses())
                .extracting(Class::getSimpleName)
                .containsExactlyInAnyOrder("Claim", "Confirm", "Release");
        assertThat(type.createdBy()).isEqualTo(Claim.class);
        assertThat(new ClaimsDomain().views()).extracting(View::name).containsExactly("claims");
    }
}
