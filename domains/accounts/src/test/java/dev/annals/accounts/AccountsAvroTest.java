package dev.annals.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.AccountEvent.AccountClosed;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountEvent.BooksClosed;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.MoneyWithdrawn;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.testkit.DeciderKit;
import dev.annals.testkit.ViewKit;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every record of the domain comes back from Avro as it was. */
class AccountsAvroTest {

    /** A life that has one of every type, with and without what can be absent. */
    private static final List<AccountEvent> EVENTS = List.of(
            new AccountOpened("Ann", "CZK", new BigDecimal("12.5")),
            new MoneyDeposited(new BigDecimal("900"), LocalDate.of(1996, 7, 28), "credit in cash"),
            new MoneyWithdrawn(new BigDecimal("0.0001"), LocalDate.of(1969, 12, 31), "rent"),
            new MoneyWithdrawn(new BigDecimal("899.9999"), null, null),
            new AccountClosed(),
            new BooksClosed(
                    "Ann",
                    "CZK",
                    new BigDecimal("12.5"),
                    new BigDecimal("900"),
                    new BigDecimal("900"),
                    3,
                    AccountStatus.CLOSED));

    @Test
    void every_event_type_is_covered_below() {
        assertThat(EVENTS.stream().map(Object::getClass))
                .containsAll(Arrays.asList(AccountEvent.class.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @FieldSource("EVENTS")
    void an_event_survives(AccountEvent event) {
        AggregateBinding<AccountCommand, Account, AccountEvent> binding =
                AggregateBinding.of(new AccountsDomain().aggregate());

        assertThat(binding.events(binding.toAvro(event))).containsExactly(event);
    }

    @Test
    void a_state_survives_at_every_version() {
        RecordBinding<Account> binding = RecordBinding.of(Account.class, DerivedSchema.of(Account.class));
        for (int version = 0; version <= EVENTS.size(); version++) {
            Account state = DeciderKit.given(new AccountDecider(), EVENTS.subList(0, version))
                    .state();

            assertThat(binding.fromAvro(binding.toAvro(state))).isEqualTo(state);
        }
    }

    @Test
    void a_row_survives() {
        RecordBinding<AccountRow> binding =
                RecordBinding.of(AccountRow.class, SchemaCatalog.load("annals.views.AccountRow"));
        ViewKit<AccountEvent, AccountRow> view = ViewKit.of(new AccountsView());
        for (AccountEvent event : EVENTS) {
            AccountRow row = view.given("1", event).row("1").orElseThrow();

            assertThat(binding.fromAvro(binding.toAvro(row))).isEqualTo(row);
        }
    }
}
