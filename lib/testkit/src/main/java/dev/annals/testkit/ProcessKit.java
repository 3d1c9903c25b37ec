package dev.annals.testkit;

import dev.annals.api.Effect;
import dev.annals.api.Effect.Send;
import dev.annals.api.Input;
import dev.annals.api.Input.Answered;
import dev.annals.api.Input.Due;
import dev.annals.api.Input.Happened;
import dev.annals.api.Input.Outcome;
import dev.annals.api.ProcessManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;

/**
 * Tests a process: given inputs of one instance, when another comes, then commands and timers follow.
 *
 * <pre>{@code
 * ProcessKit.given(new TransferProcess(), happened("a", 3, sent))
 *         .when(rejected(receive, "account-closed"))
 *         .then(new Send("a", new RefundTransfer(1, "account-closed")));
 * }</pre>
 *
 * <p>Refuses what a host refuses: an id that no instance can have, an event or command of a type that the process
 * doesn't declare, an answer to what was not sent, a timer that is not set. {@link #inAnyOrder} finds races.
 *
 * <p>Immutable: a kit can be kept and used for several inputs. A failed expectation is an {@link AssertionError} that
 * names the inputs and the effects.
 */
public final class ProcessKit<S extends Record> {

    /** Time of every input for which no other was named. */
    public static final Instant DEFAULT_TIME = ViewKit.DEFAULT_TIME;

    private final ProcessManager<S> process;
    private final List<Input> history;

    private ProcessKit(ProcessManager<S> process, List<Input> history) {
        this.process = process;
        this.history = List.copyOf(history);
    }

    /** An instance that was told this; nothing: it does not exist yet. */
    public static <S extends Record> ProcessKit<S> given(ProcessManager<S> process, Input... inputs) {
        return new ProcessKit<>(process, List.of(inputs));
    }

    /**
     * An instance that is told events of several aggregates, each in its order, in any order otherwise.
     *
     * @param streams the events of one aggregate each
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read, to be copied
    public static <S extends Record> AnyOrder<S> inAnyOrder(ProcessManager<S> process, List<Happened>... streams) {
        return AnyOrder.of(process, List.of(streams));
    }

    /** An event of an aggregate. */
    public static Happened happened(String aggregateId, long version, Object event) {
        return new Happened(aggregateId, version, DEFAULT_TIME, event);
    }

    /** The command was accepted. */
    public static Answered accepted(Send sent) {
        return new Answered(sent.aggregateId(), sent.command(), Outcome.ACCEPTED, 1, null, null, DEFAULT_TIME);
    }

    /** A rule forbade the command. */
    public static Answered rejected(Send sent, String code) {
        return new Answered(sent.aggregateId(), sent.command(), Outcome.REJECTED, 1, code, code, DEFAULT_TIME);
    }

    /** The command is in the dead letters. */
    public static Answered failed(Send sent) {
        return new Answered(
                sent.aggregateId(), sent.command(), Outcome.FAILED, -1, "failed", "a bug, for instance", DEFAULT_TIME);
    }

    /** A timer has run out. */
    public static Due due(String timer, Instant time) {
        return new Due(timer, time);
    }

    /** The state after the inputs. */
    public S state() {
        return told().state();
    }

    /** The timers that are set, with the times at which they are due. */
    public Map<String, Instant> timers() {
        return Map.copyOf(told().timers());
    }

    /** What comes next is told to the instance. */
    public Told<S> when(Input input) {
        Instance<S> instance = told();
        return new Told<>(this, input, instance.apply(input), instance.hasEnded());
    }

    private Instance<S> told() {
        Instance<S> instance = new Instance<>(process);
        history.forEach(instance::apply);
        return instance;
    }

    private ProcessKit<S> and(Input input) {
        List<Input> all = new ArrayList<>(history);
        all.add(input);
        return new ProcessKit<>(process, all);
    }

    /**
     * What the process wants done, to be compared with what it should. Every {@code then} can be followed by a when.
     */
    public static final class Told<S extends Record> {

        private final ProcessKit<S> before;
        private final Input input;
        private final List<Effect> effects;
        private final boolean ended;

        private Told(ProcessKit<S> before, Input input, List<Effect> effects, boolean ended) {
            this.before = before;
            this.input = input;
            this.effects = effects;
            this.ended = ended;
        }

        /** Exactly this is done, in this order. */
        public ProcessKit<S> then(Effect... expected) {
            Assertions.assertThat(effects).as(story()).isEqualTo(List.of(expected));
            return before.and(input);
        }

        /** Nothing is done; the state may be another one. */
        public ProcessKit<S> thenNothing() {
            return then();
        }

        /** The instance leaves no trace: nothing is done, and the state is the initial one. */
        public void thenNoTrace() {
            S state = then().state();
            Assertions.assertThat(state).as(story()).isEqualTo(before.process.initial());
        }

        /** The instance has ended, whatever else is done. */
        public ProcessKit<S> thenEnded() {
            Assertions.assertThat(ended)
                    .as(story() + "\n  it has ended; effects: " + effects)
                    .isTrue();
            return before.and(input);
        }

        /** What is done, for what the methods above can't say. */
        public List<Effect> effects() {
            return effects;
        }

        private String story() {
            return "given " + before.history + "\n  when " + input;
        }
    }
}
