package dev.annals.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.View;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.testkit.Shapes;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The names that others rely on. */
class AccountsContractTest {

    @Test
    void versions_are_raised_with_the_shapes() {
        Shapes.of(new AccountsDomain()).assertRecorded();
    }

    @Test
    void rejection_codes_are_those_of_the_contract() {
        assertThat(Arrays.stream(AccountRejection.values()).map(AccountRejection::code))
                .containsExactlyInAnyOrder(
                        "account-already-exists",
                        "account-not-found",
                        "invalid-amount",
                        "insufficient-funds",
                        "account-closed",
                        "balance-not-zero");
    }

    @Test
    void the_domain_is_found_by_the_service_loader() {
        assertThat(ServiceLoader.load(Domain.class))
                .hasOnlyElementsOfType(AccountsDomain.class)
                .hasSize(1);
    }

    @Test
    void the_type_and_its_view_have_the_names_of_the_contract() {
        AggregateType<?, ?, ?> type = new AccountsDomain().aggregate();

        assertThat(type.name()).isEqualTo("accounts");
        assertThat(type.creating()).isEqualTo(OpenAccount.class);
        assertThat(new AccountsDomain().views()).extracting(View::name).containsExactly("accounts");
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_record_has_the_fields_of_its_schema(Class<?> message) {
        assertThat(components(message)).containsExactlyElementsOf(fields("annals.accounts." + message.getSimpleName()));
    }

    @Test
    void a_row_has_the_fields_of_its_schema_behind_id_and_version() {
        assertThat(Stream.concat(Stream.of("id", "version"), components(AccountRow.class).stream()))
                .containsExactlyElementsOf(fields("annals.views.AccountRow"));
    }

    static Stream<Class<?>> messages() {
        return Stream.concat(
                Stream.of(AccountCommand.class.getPermittedSubclasses()),
                Stream.of(AccountEvent.class.getPermittedSubclasses()));
    }

    private static List<String> components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    private static List<String> fields(String schema) {
        return SchemaCatalog.load(schema).getFields().stream()
                .map(Schema.Field::name)
                .toList();
    }
}
