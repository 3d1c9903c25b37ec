package dev.annals.testkit;

import static dev.annals.testkit.ProcessKit.DEFAULT_TIME;
import static dev.annals.testkit.ProcessKit.accepted;
import static dev.annals.testkit.ProcessKit.due;
import static dev.annals.testkit.ProcessKit.failed;
import static dev.annals.testkit.ProcessKit.happened;
import static dev.annals.testkit.ProcessKit.inAnyOrder;
import static dev.annals.testkit.ProcessKit.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.api.Effect;
import dev.annals.api.Effect.At;
import dev.annals.api.Effect.Cancel;
import dev.annals.api.Effect.End;
import dev.annals.api.Effect.Send;
import dev.annals.api.Input;
import dev.annals.api.Input.Answered;
import dev.annals.api.Input.Happened;
import dev.annals.testkit.Parcels.CalledOff;
import dev.annals.testkit.Parcels.Hasty;
import dev.annals.testkit.Parcels.Packed;
import dev.annals.testkit.Parcels.Paid;
import dev.annals.testkit.Parcels.Pay;
import dev.annals.testkit.Parcels.Post;
import dev.annals.testkit.Parcels.Posted;
import dev.annals.testkit.Parcels.Posting;
import dev.annals.testkit.Parcels.PostingProcess;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ProcessKitTest {

    private static final Happened PACKED = happened("1", 1, new Packed());
    private static final Happened PAID = happened("1", 1, new Paid());
    private static final Send POST = new Send("1", new Post());
    private static final Instant LATE = DEFAULT_TIME.plusSeconds(60);
    private static final At TIMER = new At("payment", LATE);

    private final PostingProcess process = new PostingProcess();

    @Test
    void what_is_done_as_expected_passes_and_belongs_to_the_history() {
        ProcessKit<Posting> packed = ProcessKit.given(process).when(PACKED).then(TIMER);

        packed.when(PAID).then(new Cancel("payment"), POST).when(accepted(POST)).then(new End());
        packed.when(PAID)
                .then(new Cancel("payment"), POST)
                .when(accepted(POST))
                .thenEnded()
                .when(happened("1", 2, new CalledOff()))
                .thenNothing();
        assertThat(packed.state()).isEqualTo(new Posting(true, false, false));
        assertThat(packed.timers()).isEqualTo(Map.of("payment", LATE));
        ProcessKit.given(process).when(happened("1", 1, new CalledOff())).thenNoTrace();
    }

    @Test
    void what_is_done_otherwise_fails_and_tells_the_story() {
        var told = ProcessKit.given(process, PACKED).when(PAID);

        assertFails(() -> told.then(POST), "Packed[]", "Paid[]", "Cancel[timer=payment]", "Post[]");
        assertFails(told::thenNothing, "Packed[]", "Paid[]");
        assertFails(told::thenEnded, "Packed[]", "it has ended");
        assertFails(() -> ProcessKit.given(process).when(PAID).thenNoTrace(), "Posting[packed=false, paid=true");
    }

    @Test
    void events_of_one_aggregate_come_in_the_order_of_their_versions() {
        ProcessKit.given(process, happened("1", 2, new Packed()), PAID).state();
        assertFails(() -> given(happened("1", 2, new Packed()), PACKED), "in the order of their versions", "had 2");
        assertFails(() -> given(PACKED, PACKED), "in the order of their versions");
        assertFails(() -> given(happened("1", 0, new Packed())), "begin with 1");
    }

    @Test
    void only_events_of_the_instance_come_to_it() {
        assertFails(() -> given(PACKED, happened("2", 1, new Paid())), "belongs to the instance 2, not to 1");
        assertFails(() -> given(happened("1", 1, new Posted())), "belongs to no instance");
        assertFails(() -> given(happened("1", 1, "text")), "text is no event of those that postings follows");
    }

    @Test
    void an_id_that_no_instance_can_have_is_found() {
        assertFails(() -> given(happened("x".repeat(100), 1, new Paid())), "at most 107", "Ids.ofInstance");
        assertFails(() -> given(happened("a b", 1, new Paid())), "'a b'");
    }

    @Test
    void only_what_was_sent_is_answered_and_once() {
        ProcessKit<Posting> sent = ProcessKit.given(process, PACKED, PAID);

        assertFails(() -> given(accepted(POST)), "answers a command that was not sent");
        assertFails(() -> sent.when(accepted(new Send("2", new Post()))), "was not sent");
        assertFails(
                () -> sent.when(rejected(POST, "gone")).thenNothing().when(rejected(POST, "gone")),
                "or has its answer");
        sent.when(failed(POST)).thenNothing().when(accepted(POST)).thenEnded();
        assertFails(
                () -> sent.when(new Answered("1", new Post(), Input.Outcome.REJECTED, 1, null, null, DEFAULT_TIME)),
                "has a code if it is not accepted");
    }

    @Test
    void only_a_timer_that_is_set_runs_out_and_not_early() {
        ProcessKit<Posting> late =
                ProcessKit.given(process, PACKED).when(due("payment", LATE)).then(new Send("1", new Parcels.CallOff()));
        assertThat(late.timers()).isEmpty();
        assertFails(() -> given(due("payment", LATE)), "no such timer");
        assertFails(() -> given(PACKED, due("payment", LATE.minusMillis(1))), "no such timer", LATE.toString());
        assertFails(() -> given(PACKED, PAID, due("payment", LATE)), "no such timer");
    }

    @Test
    void effects_that_no_host_takes_are_found() {
        assertFails(() -> given(doing(new Send("a b", new Post())), PAID), "no aggregate can have the id");
        assertFails(() -> given(doing(new Send("1", "text")), PAID), "is no command of those that postings sends");
        assertFails(() -> given(doing(new At("", LATE)), PAID), "1 to 100 characters");
        assertFails(() -> given(doing(new End(), POST), PAID), "comes after End");
    }

    @Test
    void what_is_declared_must_be_sealed() {
        var open = new PostingProcess() {
            @Override
            public List<Class<?>> events() {
                return List.of(Object.class);
            }
        };

        assertFails(() -> given(open, PAID), "java.lang.Object is declared by the process, but is no sealed interface");
    }

    @Test
    void one_end_in_every_order_passes() {
        assertThat(inAnyOrder(process, List.of(PACKED), List.of(PAID)).thenSameEnd())
                .returns(new Posting(true, true, false), AnyOrder.End::state)
                .returns(Map.of(POST, 1L), AnyOrder.End::sent);
        assertThat(inAnyOrder(process, List.of(PACKED), List.of(PAID))
                        .answeredBy(ProcessKit::accepted)
                        .thenSameEnd()
                        .ended())
                .isTrue();
    }

    @Test
    void a_race_is_found_with_two_orders_that_show_it() {
        assertFails(
                () -> inAnyOrder(new Hasty(), List.of(PACKED), List.of(PAID)).thenSameEnd(),
                "end after",
                "which is expected to be that after",
                "Post[]");
    }

    @Test
    void a_timer_that_may_come_first_is_found() {
        var race = inAnyOrder(process, List.of(PACKED), List.of(PAID)).withTimers();

        assertFails(race::thenSameEnd, "Due[timer=payment");
        assertThat(race.thenEachEnd((inputs, end) -> assertThat(end.timers()).isEmpty()))
                .isEqualTo("all 3 orders");
        assertFails(
                () -> race.thenEachEnd(
                        (inputs, end) -> assertThat(end.state().late()).isFalse()),
                "Due[timer=payment");
    }

    @Test
    void an_answer_comes_at_any_time_after_its_command() {
        List<Happened> later = List.of(happened("1", 1, new Paid()), happened("1", 2, new CalledOff()));

        String tried = inAnyOrder(process, List.of(PACKED), later)
                .answeredBy(send -> rejected(send, "gone"))
                .thenEachEnd((inputs, end) -> assertThat(end.sent()).isEqualTo(Map.of(POST, 1L)));

        // Of the three orders of the events two leave two places for the answer, and the one with packed last leaves
        // one.
        assertThat(tried).isEqualTo("all 5 orders");
    }

    @Test
    void where_there_are_too_many_orders_some_are_tried_and_it_says_so() {
        assertThat(inAnyOrder(process, stream(new Packed()), stream(new CalledOff()))
                        .thenEachEnd((inputs, end) -> assertThat(inputs).hasSize(20)))
                .isEqualTo("2,000 orders that differ late and 2,000 at random, of more");
    }

    private static List<Happened> stream(Object event) {
        return LongStream.rangeClosed(1, 10)
                .mapToObj(version -> happened("1", version, event))
                .toList();
    }

    @Test
    void a_process_that_answers_itself_for_ever_is_stopped() {
        var endless = new PostingProcess() {
            @Override
            public List<Effect> react(Posting posting, Input input) {
                return List.of(POST);
            }
        };

        assertFails(
                () -> inAnyOrder(endless, List.of(PAID))
                        .answeredBy(ProcessKit::accepted)
                        .thenSameEnd(),
                "comes to no end");
    }

    @Test
    void clients_and_deciders_can_be_simulated_too() {
        String tried = SimulatedHost.of(process, Parcels.PARCELS, Parcels.BILLS)
                .when("1", new Parcels.Pack())
                .when("1", new Pay())
                .thenEachEnd(end -> {
                    boolean paid = end.states(Parcels.Bill.class).get("1").paid();
                    assertThat(end.states(Parcels.Parcel.class).get("1").posted())
                            .isEqualTo(paid);
                    assertThat(end.unanswered()).isEmpty();
                });

        assertThat(tried).startsWith("all ");
    }

    @Test
    void a_simulated_race_is_found_with_its_story() {
        assertFails(
                () -> SimulatedHost.of(new Hasty(), Parcels.PARCELS, Parcels.BILLS)
                        .when("1", new Parcels.Pack())
                        .when("1", new Pay())
                        .thenEachEnd(end -> assertThat(end.states(Parcels.Parcel.class)
                                        .get("1")
                                        .posted())
                                .isTrue()),
                "parcels/1 decides Pack[]",
                "1 is told",
                "Paid[]");
    }

    private static PostingProcess doing(Effect... effects) {
        return new PostingProcess() {
            @Override
            public List<Effect> react(Posting posting, Input input) {
                return List.of(effects);
            }
        };
    }

    private void given(Input... inputs) {
        given(process, inputs);
    }

    private static void given(PostingProcess process, Input... inputs) {
        ProcessKit.given(process, inputs).state();
    }

    private static void assertFails(ThrowingCallable test, String... message) {
        assertThatExceptionOfType(AssertionError.class).isThrownBy(test).withMessageContainingAll(message);
    }
}
