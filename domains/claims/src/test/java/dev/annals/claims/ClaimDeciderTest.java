package dev.annals.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Decision.Rejected;
import dev.annals.claims.ClaimCommand.Claim;
import dev.annals.claims.ClaimCommand.Confirm;
import dev.annals.claims.ClaimCommand.Release;
import dev.annals.claims.ClaimEvent.ClaimConfirmed;
import dev.annals.claims.ClaimEvent.ClaimReleased;
import dev.annals.claims.ClaimEvent.ExpiryMoved;
import dev.annals.claims.ClaimEvent.ValueClaimed;
import dev.annals.testkit.DeciderKit;
import java.time.Instant;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClaimDeciderTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant BEFORE_NOON = NOON.minusNanos(1_000);
    private static final Instant EVENING = Instant.parse("2026-01-01T20:00:00Z");

    @Nested
    class Claiming {

        @Test
        void a_free_value_gets_an_owner() {
            given().when(new Claim("ada", null)).then(claimed("ada", null));
            given().when(new Claim("ada", NOON)).then(claimed("ada", NOON));
        }

        @Test
        void a_value_that_another_owner_has_is_refused_without_saying_whose_it_is() {
            var refused = given(claimed("ada", null)).when(new Claim("bob", null));

            refused.thenRejected("already-claimed");
            assertThat(refused.decision())
                    .asInstanceOf(InstanceOfAssertFactories.type(Rejected.class))
                    .satisfies(rejected -> assertThat(rejected.message()).doesNotContain("ada"));
        }

        @Test
        void an_expired_claim_is_taken_over_by_the_time_of_the_command() {
            given(claimed("ada", NOON))
                    .at(BEFORE_NOON)
                    .when(new Claim("bob", EVENING))
                    .thenRejected("already-claimed", "2026-01-01T12:00:00Z")
                    .at(NOON)
                    .when(new Claim("bob", EVENING))
                    .then(claimed("bob", EVENING));
        }

        @Test
        void a_command_that_was_asked_before_the_take_over_meets_the_new_owner() {
            given(claimed("ada", NOON), claimed("bob", EVENING))
                    .at(BEFORE_NOON)
                    .when(new Claim("cid", null))
                    .thenRejected("already-claimed", "2026-01-01T20:00:00Z");
        }

        @Test
        void a_claim_without_expiry_and_a_confirmed_one_never_expire() {
            given(claimed("ada", null))
                    .at(Instant.MAX)
                    .when(new Claim("bob", null))
                    .thenRejected("already-claimed");
            given(claimed("ada", NOON), new ClaimConfirmed("ada"))
                    .at(EVENING)
                    .when(new Claim("bob", null))
                    .thenRejected("already-claimed");
        }

        @Test
        void without_a_time_nothing_has_expired() {
            ClaimState state = new ClaimState("ada", false, Instant.EPOCH);

            assertThat(new ClaimDecider().decide(new Claim("bob", null), state)).isInstanceOf(Rejected.class);
        }
    }

    @Nested
    class Claiming_again {

        @Test
        void changes_nothing_where_the_expiry_is_the_same() {
            given(claimed("ada", null)).when(new Claim("ada", null)).then();
            given(claimed("ada", NOON)).when(new Claim("ada", NOON)).then();
        }

        @Test
        void moves_the_expiry_in_either_direction_and_takes_it_away() {
            given(claimed("ada", NOON))
                    .when(new Claim("ada", EVENING))
                    .then(new ExpiryMoved("ada", EVENING))
                    .when(new Claim("ada", NOON))
                    .then(new ExpiryMoved("ada", NOON))
                    .when(new Claim("ada", null))
                    .then(new ExpiryMoved("ada", null))
                    .at(EVENING)
                    .when(new Claim("bob", null))
                    .thenRejected("already-claimed");
        }

        @Test
        void renews_what_has_expired_while_nobody_has_taken_it() {
            given(claimed("ada", NOON))
                    .at(NOON)
                    .when(new Claim("ada", EVENING))
                    .then(new ExpiryMoved("ada", EVENING))
                    .when(new Claim("bob", null))
                    .thenRejected("already-claimed");
        }

        @Test
        void takes_nothing_from_a_confirmed_claim() {
            given(claimed("ada", NOON), new ClaimConfirmed("ada"))
                    .when(new Claim("ada", EVENING))
                    .then();
        }
    }

    @Nested
    class Confirming {

        @Test
        void makes_the_claim_permanent_once() {
            given(claimed("ada", NOON))
                    .when(new Confirm("ada"))
                    .then(new ClaimConfirmed("ada"))
                    .when(new Confirm("ada"))
                    .then();
        }

        @Test
        void comes_in_time_while_nobody_has_taken_what_expired() {
            given(claimed("ada", NOON)).at(EVENING).when(new Confirm("ada")).then(new ClaimConfirmed("ada"));
        }

        @Test
        void is_for_the_owner_alone() {
            given().when(new Confirm("ada")).thenRejected("not-claimed");
            given(claimed("ada", NOON), claimed("bob", null))
                    .when(new Confirm("ada"))
                    .thenRejected("not-owner", "ada");
            given(claimed("ada", null), new ClaimConfirmed("ada"))
                    .when(new Confirm("bob"))
                    .thenRejected("not-owner");
        }
    }

    @Nested
    class Releasing {

        @Test
        void frees_the_value_for_anybody_whether_it_was_confirmed_or_not() {
            given(claimed("ada", null))
                    .when(new Release("ada"))
                    .then(new ClaimReleased("ada"))
                    .when(new Claim("bob", null))
                    .then(claimed("bob", null));
            given(claimed("ada", null), new ClaimConfirmed("ada"))
                    .when(new Release("ada"))
                    .then(new ClaimReleased("ada"))
                    .when(new Claim("bob", NOON))
                    .then(claimed("bob", NOON))
                    .at(NOON)
                    .when(new Claim("ada", null))
                    .then(claimed("ada", null));
        }

        @Test
        void is_for_the_owner_alone() {
            given().when(new Release("ada")).thenRejected("not-claimed");
            given(claimed("ada", null), new ClaimReleased("ada"))
                    .when(new Release("ada"))
                    .thenRejected("not-claimed");
            given(claimed("ada", null)).when(new Release("bob")).thenRejected("not-owner");
        }
    }

    private static DeciderKit<ClaimCommand, ClaimState, ClaimEvent> given(ClaimEvent... events) {
        return DeciderKit.given(new ClaimDecider(), events);
    }

    private static ValueClaimed claimed(String owner, @Nullable Instant expiresAt) {
        return new ValueClaimed(owner, expiresAt);
    }
}
