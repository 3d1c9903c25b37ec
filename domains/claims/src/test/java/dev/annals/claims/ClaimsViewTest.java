package dev.annals.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Filter;
import dev.annals.claims.ClaimEvent.ClaimConfirmed;
import dev.annals.claims.ClaimEvent.ClaimReleased;
import dev.annals.claims.ClaimEvent.ExpiryMoved;
import dev.annals.claims.ClaimEvent.ValueClaimed;
import dev.annals.testkit.ViewKit;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClaimsViewTest {

    private static final String ID = "email:ada~40example.org";
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final ViewKit<ClaimEvent, ClaimRow> claims = ViewKit.of(new ClaimsView());

    @Test
    void a_claim_has_a_row_with_its_owner_and_its_expiry() {
        claims.given(ID, new ValueClaimed("ada", NOON))
                .thenRow(ID, row("ada", ClaimStatus.CLAIMED, NOON))
                .given(ID, new ExpiryMoved("ada", null))
                .thenRow(ID, row("ada", ClaimStatus.CLAIMED, null));
    }

    @Test
    void a_confirmed_claim_has_no_expiry_any_more() {
        claims.given(ID, new ValueClaimed("ada", NOON), new ClaimConfirmed("ada"))
                .thenRow(ID, row("ada", ClaimStatus.CONFIRMED, null));
    }

    @Test
    void a_released_value_keeps_its_row_until_the_next_owner_takes_it() {
        claims.given(ID, new ValueClaimed("ada", NOON), new ClaimReleased("ada"))
                .thenRow(ID, row("ada", ClaimStatus.RELEASED, null))
                .given(ID, new ValueClaimed("bob", NOON))
                .thenRow(ID, row("bob", ClaimStatus.CLAIMED, NOON));
    }

    @Test
    void the_first_colon_ends_the_scope() {
        claims.given("flight:B:43987902", new ValueClaimed("ada", null))
                .thenRow("flight:B:43987902", new ClaimRow("flight", "B:43987902", "ada", ClaimStatus.CLAIMED, null));
    }

    @Test
    void an_id_without_a_scope_has_an_empty_one() {
        claims.given("ada", new ValueClaimed("bob", null))
                .thenRow("ada", new ClaimRow("", "ada", "bob", ClaimStatus.CLAIMED, null));
    }

    @Test
    void rows_are_found_by_scope_which_leads_their_key_and_by_owner() {
        assertThat(new ClaimsView().filters())
                .containsExactly(Filter.byLeadingKey("scope", "scope"), Filter.byField("owner", "owner"));
    }

    private static ClaimRow row(String owner, ClaimStatus status, @Nullable Instant expiresAt) {
        return new ClaimRow("email", "ada~40example.org", owner, status, expiresAt);
    }
}
