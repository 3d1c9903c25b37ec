package dev.annals.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.api.AggregateType;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import dev.annals.testkit.DomainContract;
import dev.annals.testkit.Schemas;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The names that others rely on, and what every domain is held to. */
class AccountsContractTest extends DomainContract {

    AccountsContractTest() {
        super(new AccountsDomain(), Schemas.of(new AccountsDomain()).in(Path.of("../../schemas/src/main/resources")));
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
                        "balance-not-zero",
                        "invalid-account-id",
                        "currency-mismatch",
                        "too-many-open-transfers",
                        "transfer-not-open",
                        "transfers-open");
    }

    @Test
    void the_type_its_view_and_its_process_have_the_names_of_the_contract() {
        AggregateType<?, ?, ?> type = new AccountsDomain().aggregate();

        assertThat(type.name()).isEqualTo("accounts");
        assertThat(type.namespace()).isEqualTo("annals");
        assertThat(type.createdBy()).isEqualTo(OpenAccount.class);
        assertThat(new AccountsDomain().views()).extracting(View::name).containsExactly("accounts");
        assertThat(new AccountsDomain().processes())
                .extracting(ProcessManager::name)
                .containsExactly("transfers");
    }
}
