package dev.annals.testkit;

import dev.annals.api.Effect;
import dev.annals.api.Effect.At;
import dev.annals.api.Effect.Cancel;
import dev.annals.api.Effect.End;
import dev.annals.api.Effect.Send;
import dev.annals.api.Ids;
import dev.annals.api.Input;
import dev.annals.api.Input.Answered;
import dev.annals.api.Input.Due;
import dev.annals.api.Input.Happened;
import dev.annals.api.Input.Outcome;
import dev.annals.api.ProcessManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a process as a host keeps it. Refuses what a host would refuse, and inputs that can't come. For one
 * thread.
 */
final class Instance<S extends Record> {

    private static final int MAX_TIMER_NAME = 100;

    private final ProcessManager<S> process;
    private final List<Input> inputs = new ArrayList<>();
    private final List<Send> sent = new ArrayList<>();
    private final List<Send> unanswered = new ArrayList<>();
    private final SortedMap<String, Instant> timers = new TreeMap<>();
    private final Map<String, Long> versions = new HashMap<>();
    private @Nullable String id;
    private S state;
    private boolean ended;

    Instance(ProcessManager<S> process) {
        this.process = process;
        this.state = process.initial();
    }

    /**
     * The id of the instance that an event belongs to; null: none.
     *
     * @throws AssertionError if the process doesn't follow such events, or no instance can have the id
     */
    static @Nullable String idOf(ProcessManager<?> process, Happened happened) {
        if (declared(process.events(), happened.event()) == null) {
            throw new AssertionError("%s is no event of those that %s follows: %s; add its sealed interface to events()"
                    .formatted(happened.event(), process.name(), process.events()));
        }
        String id = process.instance(happened);
        if (id != null && !Ids.isValidInstance(process.name(), id)) {
            throw new AssertionError(
                    "instance() of %s gives %s the id '%s': expected %s, and with the name of the process at most %d; Ids.ofInstance makes one"
                            .formatted(process.name(), happened, id, Ids.RULE, Ids.MAX_LENGTH_WITH_PROCESS));
        }
        return id;
    }

    /**
     * One more input.
     *
     * @return what is to be done
     * @throws AssertionError if there can't be such an input here, or a host would refuse an effect
     */
    List<Effect> apply(Input input) {
        inputs.add(input);
        switch (input) {
            case Happened happened -> accept(happened);
            case Answered answered -> accept(answered);
            case Due due -> accept(due);
        }
        if (ended) {
            return List.of();
        }
        state = process.evolve(state, input);
        List<Effect> effects = List.copyOf(process.react(state, input));
        effects.forEach(this::perform);
        return effects;
    }

    private void accept(Happened happened) {
        String own = idOf(process, happened);
        if (own == null) {
            throw refused(happened, "belongs to no instance");
        }
        if (id != null && !id.equals(own)) {
            throw refused(happened, "belongs to the instance %s, not to %s".formatted(own, id));
        }
        id = own;
        Class<?> type = declared(process.events(), happened.event());
        Long before = versions.put(type + "/" + happened.aggregateId(), happened.version());
        if (happened.version() < 1 || (before != null && before >= happened.version())) {
            throw refused(
                    happened,
                    "events of one aggregate come in the order of their versions, which begin with 1; that before had "
                            + before);
        }
    }

    private void accept(Answered answered) {
        Send answers = unanswered.stream()
                .filter(each -> each.aggregateId().equals(answered.aggregateId())
                        && each.command().equals(answered.command()))
                .findFirst()
                .orElseThrow(() ->
                        refused(answered, "answers a command that was not sent, or has its answer; sent: " + sent));
        // What failed can be sent again by an operator, and is answered again then.
        if (answered.outcome() != Outcome.FAILED) {
            unanswered.remove(answers);
        }
        if (answered.outcome() == Outcome.ACCEPTED != (answered.code() == null)) {
            throw refused(answered, "has a code if it is not accepted, and none if it is");
        }
    }

    private void accept(Due due) {
        if (!ended && !timers.remove(due.timer(), due.time())) {
            throw refused(due, "no such timer is set for that time; set: " + timers);
        }
    }

    private void perform(Effect effect) {
        if (ended) {
            throw refused(effect, "comes after End");
        }
        switch (effect) {
            case Send send -> perform(send);
            case At at -> {
                if (at.timer().isEmpty() || at.timer().length() > MAX_TIMER_NAME) {
                    throw refused(at, "a timer's name has 1 to %d characters".formatted(MAX_TIMER_NAME));
                }
                timers.put(at.timer(), at.time());
            }
            case Cancel cancel -> timers.remove(cancel.timer());
            case End end -> {
                timers.clear();
                ended = true;
            }
        }
    }

    private void perform(Send send) {
        if (!Ids.isValid(send.aggregateId())) {
            throw refused(send, "no aggregate can have the id: expected " + Ids.RULE);
        }
        if (declared(process.commands(), send.command()) == null) {
            throw refused(
                    send,
                    "is no command of those that %s sends: %s; add its sealed interface to commands()"
                            .formatted(process.name(), process.commands()));
        }
        sent.add(send);
        unanswered.add(send);
    }

    private AssertionError refused(Object what, String why) {
        return new AssertionError("given %s\n  %s: %s".formatted(inputs, what, why));
    }

    private static @Nullable Class<?> declared(List<Class<?>> sealed, Object value) {
        for (Class<?> each : sealed) {
            if (!each.isSealed()) {
                throw new AssertionError(each.getName() + " is declared by the process, but is no sealed interface");
            }
            if (each.isInstance(value)) {
                return each;
            }
        }
        return null;
    }

    S state() {
        return state;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Those that are set, with the times at which they are due. */
    SortedMap<String, Instant> timers() {
        return timers;
    }

    List<Input> inputs() {
        return inputs;
    }

    List<Send> sent() {
        return sent;
    }

    List<Send> unanswered() {
        return unanswered;
    }
}
