package dev.annals.engine.deciding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.api.AggregateType;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandHandler.HandledCommand;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.deciding.Counters.Add;
import dev.annals.engine.deciding.Counters.Bug;
import dev.annals.engine.deciding.Counters.Command;
import dev.annals.engine.deciding.Counters.Count;
import dev.annals.engine.deciding.Counters.Event;
import dev.annals.engine.deciding.Counters.Misbehave;
import dev.annals.engine.deciding.Counters.SumUp;
import dev.annals.engine.deciding.Counters.SummedUp;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.kafka.EventKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CommandHandlerTest {

    private static final Duration RETENTION = Duration.ofSeconds(1);
    private static final int MAX_EVENTS = 10_000;
    private static final long WALL_CLOCK = 77;
    private static final Instant ASKED = Instant.parse("2011-01-04T10:00:00Z");

    private final MapMemory<Count> memory = new MapMemory<>(Counters.TYPE);
    private CommandHandler<Command, Count, Event> handler = newHandler();
    private long now = 10_000;

    private CommandHandler<Command, Count, Event> newHandler() {
        return newHandler(Counters.TYPE);
    }

    private CommandHandler<Command, Count, Event> newHandler(AggregateType<Command, Count, Event> type) {
        return new CommandHandler<>(
                AggregateBinding.of(type),
                memory,
                new DedupWindow(memory, RETENTION.toMillis()),
                MAX_EVENTS,
                new PlainResults(),
                () -> WALL_CLOCK);
    }

    private static dev.annals.engine.deciding.Command<Command> command(
            String aggregateId, @Nullable String id, Command payload, @Nullable Long expectedVersion) {
        return new dev.annals.engine.deciding.Command<>(
                aggregateId,
                id,
                id,
                "annals.counters." + payload.getClass().getSimpleName(),
                payload,
                PayloadFingerprint.of("", payload.toString().getBytes(StandardCharsets.UTF_8), 0),
                expectedVersion,
                ASKED,
                "correlation",
                List.of());
    }

    private HandledCommand<Event> handle(
            String aggregateId, @Nullable String id, Command payload, @Nullable Long expectedVersion) {
        HandledCommand<Event> handled = handler.handle(command(aggregateId, id, payload, expectedVersion), now);
        handled.commit().run();
        return handled;
    }

    private CommandResult result(@Nullable String id, Command payload) {
        return handle("a", id, payload, null).result();
    }

    private long version(String aggregateId) {
        return handle(aggregateId, null, new Add(0), null).result().version();
    }

    @Nested
    class An_accepted_command {

        @Test
        void appends_its_events_after_those_before() {
            handle("a", null, new Add(2), null);
            HandledCommand<Event> second = handle("a", null, new Add(3), null);

            assertThat(second.events()).isEqualTo(Counters.added(3));
            assertThat(second.baseVersion()).isEqualTo(2);
            assertThat(second.result().version()).isEqualTo(5);
            assertThat(second.result().events())
                    .containsExactly(
                            new AppendedEvent("Added", 3),
                            new AppendedEvent("Added", 4),
                            new AppendedEvent("Added", 5));
        }

        @Test
        void says_whom_it_was_for() {
            assertThat(result("c1", new Add(1)))
                    .isEqualTo(new CommandResult(
                            "c1",
                            "Add",
                            "counters",
                            "a",
                            Outcome.ACCEPTED,
                            1,
                            List.of(new AppendedEvent("Added", 1)),
                            null,
                            null,
                            false,
                            ASKED,
                            "correlation",
                            command("a", "c1", new Add(1), null).fingerprint().text()));
        }

        @Test
        void may_append_nothing() {
            CommandResult result = result("c1", new Add(0));

            assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(result.events()).isEmpty();
            assertThat(result.version()).isZero();
        }

        @Test
        void changes_no_other_aggregate() {
            handle("a", null, new Add(2), null);

            assertThat(version("ab")).isZero();
        }

        @Test
        void takes_effect_only_by_its_commit() {
            handler.handle(command("a", "c1", new Add(2), null), now);

            assertThat(memory.states).isEmpty();
            assertThat(memory.ids).isEmpty();
            assertThat(version("a")).isZero();
            assertThat(result("c1", new Add(5)).replayed()).isFalse();
        }

        @Test
        void is_known_to_a_new_handler_over_the_same_states_and_ids() {
            handle("a", "c1", new Add(2), null);
            handler = newHandler();

            assertThat(version("a")).isEqualTo(2);
            assertThat(result("c1", new Add(2)).replayed()).isTrue();
        }

        @Test
        void is_decided_with_the_time_at_which_it_was_asked() {
            handler = newHandler(Counters.openUntil(ASKED));
            assertThat(result(null, new Add(1)).code()).isEqualTo("too-late");

            handler = newHandler(Counters.openUntil(ASKED.plusNanos(1_000)));
            assertThat(result(null, new Add(1)).outcome()).isEqualTo(Outcome.ACCEPTED);
        }

        @Test
        void is_decided_against_what_a_summary_says_and_nothing_before_it() {
            handle("a", null, new Add(3), null);
            handle("a", null, new SumUp(), null);
            HandledCommand<Event> again = handle("a", null, new SumUp(), null);

            assertThat(again.events()).containsExactly(new SummedUp(3));
            assertThat(again.result().version()).isEqualTo(5);
        }

        @Test
        void is_decided_against_the_state_of_all_earlier_events() {
            handle("a", null, new Add(9_999), null);
            for (int i = 0; i < 99; i++) {
                handle("a", null, new Add(10_000), null);
            }

            assertThat(result(null, new Add(2)).code()).isEqualTo("limit-reached");
            assertThat(result(null, new Add(1)).version()).isEqualTo(Counters.LIMIT);
        }
    }

    @Nested
    class A_rejected_command {

        @Test
        void appends_nothing_and_says_why() {
            handle("a", null, new Add(3), null);
            HandledCommand<Event> rejected = handle("a", "c1", new Add(-1), null);

            assertThat(rejected.events()).isEmpty();
            assertThat(rejected.result().outcome()).isEqualTo(Outcome.REJECTED);
            assertThat(rejected.result().code()).isEqualTo("negative");
            assertThat(rejected.result().message()).isEqualTo("counters only go up");
            assertThat(rejected.result().version()).isEqualTo(3);
            assertThat(version("a")).isEqualTo(3);
        }
    }

    @Nested
    class A_repeated_command {

        @Test
        void gets_the_first_result_again_marked_as_a_replay() {
            CommandResult first = result("c1", new Add(2));
            handle("a", null, new Add(1), null);
            HandledCommand<Event> again = handle("a", "c1", new Add(2), null);

            assertThat(again.events()).isEmpty();
            assertThat(again.result()).isEqualTo(first.asReplay());
            assertThat(again.result().replayed()).isTrue();
            assertThat(again.result().version()).isEqualTo(2);
            assertThat(version("a")).isEqualTo(3);
        }

        @Test
        void gets_its_rejection_again_though_it_would_be_accepted_now() {
            CommandResult rejected = handle("a", "c1", new Add(1), 2L).result();
            handle("a", null, new Add(2), null);

            assertThat(rejected.code()).isEqualTo("version-conflict");
            assertThat(handle("a", "c1", new Add(1), 2L).result()).isEqualTo(rejected.asReplay());
        }

        @Test
        void gets_the_first_result_whatever_version_it_expects_now() {
            CommandResult first = handle("a", "c1", new Add(2), 0L).result();

            assertThat(handle("a", "c1", new Add(2), 0L).result()).isEqualTo(first.asReplay());
            assertThat(handle("a", "c1", new Add(2), 5L).result()).isEqualTo(first.asReplay());
        }

        @Test
        void with_another_payload_is_rejected_and_leaves_the_first_result_alone() {
            CommandResult first = result("c1", new Add(2));
            handle("a", null, new Add(1), null);
            CommandResult reused = result("c1", new Add(1));

            assertThat(reused.outcome()).isEqualTo(Outcome.REJECTED);
            assertThat(reused.code()).isEqualTo("idempotency-key-reused");
            assertThat(reused.replayed()).isFalse();
            assertThat(reused.version()).isEqualTo(3);
            assertThat(version("a")).isEqualTo(3);
            assertThat(result("c1", new Add(2))).isEqualTo(first.asReplay());
        }

        @Test
        void on_another_aggregate_is_another_command() {
            result("c1", new Add(2));
            CommandResult other = handle("b", "c1", new Add(2), null).result();

            assertThat(other.replayed()).isFalse();
            assertThat(version("b")).isEqualTo(2);
        }

        @Test
        void without_an_id_is_decided_again() {
            handle("a", null, new Add(2), null);
            handle("a", null, new Add(2), null);

            assertThat(version("a")).isEqualTo(4);
        }

        @Test
        void whose_first_try_failed_is_decided_anew() {
            assertThatExceptionOfType(CommandFailedException.class)
                    .isThrownBy(() -> result("c1", new Misbehave(Bug.DECIDE_THROWS)));

            assertThat(result("c1", new Add(1)).outcome()).isEqualTo(Outcome.ACCEPTED);
        }

        @ParameterizedTest
        @CsvSource({"🌱", "'grün, 漢字'", "' '", "a/b", "S", "c1c1"})
        void may_have_any_printable_id(String id) {
            result(id, new Add(1));
            result("c1", new Add(1));

            assertThat(result(id, new Add(1)).replayed()).isTrue();
            assertThat(version("a")).isEqualTo(2);
        }
    }

    @Nested
    class The_retention {

        @Test
        void is_counted_in_the_time_of_commands_and_its_end_belongs_to_it() {
            result("c1", new Add(1));
            now += RETENTION.toMillis();
            assertThat(result("c1", new Add(1)).replayed()).isTrue();

            now += 1;
            assertThat(result("c1", new Add(1)).replayed()).isFalse();
            assertThat(version("a")).isEqualTo(2);
        }

        @Test
        void begins_anew_for_an_id_that_is_used_again_after_it() {
            result("c1", new Add(1));
            now += RETENTION.toMillis() + 1;
            result("c1", new Add(1)); // the first use has passed, but its entry is still there
            now += RETENTION.toMillis();

            assertThat(result("c1", new Add(1)).replayed()).isTrue();
            assertThat(version("a")).isEqualTo(2);
        }

        @Test
        void is_not_prolonged_by_replays() {
            result("c1", new Add(1));
            now += RETENTION.toMillis();
            result("c1", new Add(1));
            now += 1;

            assertThat(result("c1", new Add(1)).replayed()).isFalse();
        }
    }

    @Nested
    class An_expected_version {

        @Test
        void of_0_means_that_the_aggregate_must_not_exist() {
            assertThat(handle("a", null, new Add(1), 0L).result().outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(handle("a", null, new Add(1), 0L).result().code()).isEqualTo("version-conflict");
        }

        @Test
        void that_is_the_version_lets_the_command_through() {
            handle("a", null, new Add(7), null);

            assertThat(handle("a", null, new Add(1), 7L).result().version()).isEqualTo(8);
        }

        @ParameterizedTest
        @CsvSource({"0", "6", "8", "9223372036854775807"})
        void that_is_another_conflicts_and_tells_the_actual_one(long expected) {
            handle("a", null, new Add(7), null);
            CommandResult result = handle("a", "c1", new Add(1), expected).result();

            assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
            assertThat(result.code()).isEqualTo("version-conflict");
            assertThat(result.version()).isEqualTo(7);
            assertThat(result.message()).contains("expected version " + expected, "the version is 7");
            assertThat(version("a")).isEqualTo(7);
        }

        @Test
        void beyond_the_cache_of_small_longs_is_compared_by_value() {
            handle("a", null, new Add(1_000), null);

            assertThat(handle("a", null, new Add(1), Long.valueOf("1000"))
                            .result()
                            .outcome())
                    .isEqualTo(Outcome.ACCEPTED);
        }
    }

    @Test
    void an_aggregate_without_versions_left_takes_no_more_events() {
        memory.change("a", new Versioned<>(EventKey.MAX_VERSION - 1, new Count(0, null, null)))
                .run();

        assertThatExceptionOfType(CommandFailedException.class)
                .isThrownBy(() -> handle("a", "c1", new Add(2), null))
                .withMessage("counters/a has version 1099511627775, and the greatest is 1099511627776")
                .satisfies(e -> assertThat(e.reason()).isEqualTo("no-version-left"));
        assertThat(handle("a", "c2", new Add(1), null).result().version()).isEqualTo(EventKey.MAX_VERSION);
    }

    @Nested
    class A_bug_in_the_domain {

        @ParameterizedTest
        @CsvSource({
            "DECIDE_THROWS, handler-failed, decide threw java.lang.IllegalStateException: a bug in decide",
            "DECIDE_OVERFLOWS, handler-failed, decide threw java.lang.StackOverflowError",
            "DECIDE_ASSERTS, handler-failed, decide threw java.lang.AssertionError: a count that can't be",
            "DECIDE_LACKS_A_CLASS, handler-failed, decide threw java.lang.NoClassDefFoundError: dev/annals/Absent",
            "DECIDE_RETURNS_NULL, handler-failed, decide returned null",
            "EVOLVE_THROWS, handler-failed, evolve threw java.lang.IllegalStateException: a bug in evolve",
            "EVOLVE_ASSERTS, handler-failed, evolve threw java.lang.AssertionError: a count that can't be",
            "EVOLVE_RETURNS_NULL, handler-failed, evolve returned null",
            "UNWRITABLE_STATE, unwritable-state, Count.exact"
        })
        void fails_the_command_and_changes_nothing(Bug bug, String reason, String message) {
            handle("a", null, new Add(3), null);
            Map<String, byte[]> before = Map.copyOf(memory.states);

            assertThatExceptionOfType(CommandFailedException.class)
                    .isThrownBy(() -> result("c1", new Misbehave(bug)))
                    .withMessageContaining(message)
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2_100));
            assertThat(memory.states).isEqualTo(before);
            assertThat(memory.ids).isEmpty();
            assertThat(version("a")).isEqualTo(3);
        }

        @ParameterizedTest
        @EnumSource(Bug.class)
        void never_leaves_the_handler_as_anything_but_a_failed_command(Bug bug) {
            try {
                result("c1", new Misbehave(bug));
            } catch (CommandFailedException e) {
                assertThat(e.reason()).isNotEmpty();
            }
        }

        @Test
        void of_too_many_events_fails_the_command() {
            assertThat(result(null, new Add(MAX_EVENTS)).version()).isEqualTo(MAX_EVENTS);
            assertThatExceptionOfType(CommandFailedException.class)
                    .isThrownBy(() -> result("c1", new Add(MAX_EVENTS + 1)))
                    .withMessageContaining("decided 10001 events, at most 10000 are allowed")
                    .satisfies(e -> assertThat(e.reason()).isEqualTo("too-many-events"));
        }
    }
}
