package dev.annals.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Decision;
import dev.annals.api.Decision.Accepted;
import dev.annals.claims.ClaimCommand.Claim;
import dev.annals.claims.ClaimCommand.Confirm;
import dev.annals.claims.ClaimCommand.Release;
import dev.annals.testkit.DeciderKit;
import dev.annals.testkit.ViewKit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds after any sequence of commands, whose times may go back. */
class ClaimPropertiesTest {

    private static final String ID = "email:ada~40example.org";

    private final ClaimDecider decider = new ClaimDecider();

    /** A command and when it was asked. */
    record Asked(ClaimCommand command, Instant time) {}

    /** Each owner was told until when the value is theirs: no other is told so while that has not passed. */
    @Property
    void at_any_time_at_most_one_owner_has_a_claim_that_has_not_expired(@ForAll("commands") List<Asked> commands) {
        History history = new History();
        Map<String, Instant> heldUntil = new HashMap<>();
        for (Asked asked : commands) {
            boolean accepted = history.decide(asked) instanceof Accepted;
            switch (asked.command()) {
                case Claim claim
                when accepted -> {
                    heldUntil.values().removeIf(until -> !asked.time().isBefore(until));
                    Instant until = claim.expiresAt() == null ? Instant.MAX : claim.expiresAt();
                    heldUntil.merge(claim.owner(), until, (before, now) -> history.state.confirmed() ? before : now);
                }
                case Confirm confirm when accepted -> heldUntil.put(confirm.owner(), Instant.MAX);
                case Release release when accepted -> heldUntil.remove(release.owner());
                default -> {}
            }
            assertThat(heldUntil).as("after %s", asked).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Property
    void a_claim_is_refused_only_while_another_owner_has_one_that_has_not_expired(
            @ForAll("commands") List<Asked> commands) {
        History history = new History();
        for (Asked asked : commands) {
            ClaimState before = history.state;
            boolean accepted = history.decide(asked) instanceof Accepted;
            if (asked.command() instanceof Claim claim) {
                boolean anothers = before.owner() != null && !before.owner().equals(claim.owner());
                assertThat(accepted).isEqualTo(!anothers || before.hasExpired(asked.time()));
            }
        }
    }

    @Property
    void what_was_accepted_changes_nothing_when_it_is_decided_again(@ForAll("commands") List<Asked> commands) {
        History history = new History();
        for (Asked asked : commands) {
            if (history.decide(asked) instanceof Accepted) {
                ClaimState after = history.state;
                history.decide(asked);
                assertThat(history.state).isEqualTo(after);
            }
        }
    }

    @Property
    void the_view_agrees_with_the_state(@ForAll("commands") List<Asked> commands) {
        History history = new History();
        commands.forEach(history::decide);

        ViewKit<ClaimEvent, ClaimRow> view = ViewKit.of(new ClaimsView());
        history.events.forEach(event -> view.given(ID, event));

        assertThat(DeciderKit.given(decider, history.events).state()).isEqualTo(history.state);
        if (history.events.isEmpty()) {
            view.thenNoRow(ID);
            return;
        }
        ClaimRow row = view.row(ID).orElseThrow();
        boolean released = row.status() == ClaimStatus.RELEASED;
        assertThat(released ? null : row.owner()).isEqualTo(history.state.owner());
        assertThat(row.status() == ClaimStatus.CONFIRMED).isEqualTo(history.state.confirmed());
        assertThat(row.expiresAt()).isEqualTo(history.state.expiresAt());
    }

    @Provide
    Arbitrary<List<Asked>> commands() {
        Arbitrary<String> owners = Arbitraries.of("ada", "bob", "cid");
        Arbitrary<Instant> times = Arbitraries.integers().between(0, 5).map(Instant::ofEpochSecond);
        Arbitrary<ClaimCommand> claims =
                Combinators.combine(owners, times.injectNull(0.3)).as(Claim::new);
        Arbitrary<ClaimCommand> commands =
                Arbitraries.oneOf(claims, claims, claims, owners.map(Confirm::new), owners.map(Release::new));
        return Combinators.combine(commands, times).as(Asked::new).list().ofMaxSize(30);
    }

    private final class History {
        private final List<ClaimEvent> events = new ArrayList<>();
        private ClaimState state = decider.initial();

        Decision<ClaimEvent> decide(Asked asked) {
            Decision<ClaimEvent> decision = decider.decide(asked.command(), state, asked.time());
            if (decision instanceof Accepted<ClaimEvent> accepted) {
                events.addAll(accepted.events());
                accepted.events().forEach(event -> state = decider.fold(state, event));
            }
            return decision;
        }
    }
}
