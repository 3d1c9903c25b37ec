package dev.annals.testkit;

import dev.annals.api.Effect;
import dev.annals.api.Effect.Send;
import dev.annals.api.Input;
import dev.annals.api.Input.Answered;
import dev.annals.api.Input.Due;
import dev.annals.api.Input.Happened;
import dev.annals.api.ProcessManager;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/**
 * All orders in which an instance of a process can be told the events of several aggregates. Events of different
 * aggregates come in any order, and so do answers and timers; a process whose end depends on it has a race.
 *
 * <p>All orders are tried where there are at most 2,000, else 4,000 of them; every run tries the same. Immutable.
 */
public final class AnyOrder<S extends Record> {

    private static final int MAX_INPUTS = 1_000;
    private static final int SHOWN = 20;

    private final ProcessManager<S> process;
    private final List<List<Happened>> streams;
    private final @Nullable Function<Send, Answered> answers;
    private final boolean timers;

    private AnyOrder(
            ProcessManager<S> process,
            List<List<Happened>> streams,
            @Nullable Function<Send, Answered> answers,
            boolean timers) {
        this.process = process;
        this.streams = streams;
        this.answers = answers;
        this.timers = timers;
    }

    static <S extends Record> AnyOrder<S> of(ProcessManager<S> process, List<List<Happened>> streams) {
        return new AnyOrder<>(process, streams, null, false);
    }

    /** Commands are answered like this, at any later time; those to one aggregate in the order in which they came. */
    public AnyOrder<S> answeredBy(Function<Send, Answered> answersByCommand) {
        return new AnyOrder<>(process, streams, answersByCommand, timers);
    }

    /** Timers run out at any time after they were set, unless they are cancelled first. */
    public AnyOrder<S> withTimers() {
        return new AnyOrder<>(process, streams, answers, true);
    }

    /**
     * What an instance has come to when it was told everything.
     *
     * @param timers that are still set
     * @param sent how often each command was sent
     */
    public record End<S extends Record>(
            S state, SortedMap<String, Instant> timers, Map<Send, Long> sent, boolean ended) {

        private static <S extends Record> End<S> of(Instance<S> instance) {
            return new End<>(
                    instance.state(),
                    new TreeMap<>(instance.timers()),
                    instance.sent().stream().collect(Collectors.groupingBy(each -> each, Collectors.counting())),
                    instance.hasEnded());
        }
    }

    /**
     * Every order comes to the same state, with the same timers set and the same commands sent, in whatever order.
     *
     * @throws AssertionError with two orders that come to different ends
     */
    public End<S> thenSameEnd() {
        List<Instance<S>> first = new ArrayList<>();
        thenEach((instance, end) -> {
            if (first.isEmpty()) {
                first.add(instance);
            }
            Assertions.assertThat(end)
                    .as(
                            "end after\n  %s\n  which is expected to be that after\n  %s\n",
                            instance.inputs(), first.getFirst().inputs())
                    .isEqualTo(End.of(first.getFirst()));
        });
        return End.of(first.getFirst());
    }

    /**
     * Where ends may differ for a reason of the business: this holds of each.
     *
     * @param holds throws an {@link AssertionError} where it doesn't; is given the inputs in their order, and the end
     * @return how many orders were tried, in words
     */
    public String thenEachEnd(BiConsumer<List<Input>, End<S>> holds) {
        return thenEach((instance, end) -> {
            try {
                holds.accept(instance.inputs(), end);
            } catch (AssertionError e) {
                throw new AssertionError("after %s\n  %s".formatted(instance.inputs(), e.getMessage()), e);
            }
        });
    }

    private String thenEach(BiConsumer<Instance<S>, End<S>> holds) {
        return Schedules.each(Schedules.LIMIT, choice -> {
            Instance<S> instance = run(choice);
            holds.accept(instance, End.of(instance));
        });
    }

    private Instance<S> run(Schedules.Choice choice) {
        Instance<S> instance = new Instance<>(process);
        Map<String, Deque<Input>> underWay = new LinkedHashMap<>();
        for (int i = 0; i < streams.size(); i++) {
            underWay.put("stream " + i, new ArrayDeque<>(streams.get(i)));
        }
        while (true) {
            List<Deque<Input>> next = new ArrayList<>(
                    underWay.values().stream().filter(each -> !each.isEmpty()).toList());
            if (timers) {
                instance.timers().forEach((name, time) -> next.add(new ArrayDeque<>(List.of(new Due(name, time)))));
            }
            if (next.isEmpty()) {
                return instance;
            }
            Input input = next.get(choice.among(next.size())).removeFirst();
            for (Effect effect : instance.apply(input)) {
                if (answers != null && effect instanceof Send send) {
                    underWay.computeIfAbsent("answers of " + send.aggregateId(), each -> new ArrayDeque<>())
                            .add(answers.apply(send));
                }
            }
            if (instance.inputs().size() > MAX_INPUTS) {
                throw new AssertionError("the process comes to no end: more than %d inputs, of which the first are %s"
                        .formatted(MAX_INPUTS, instance.inputs().subList(0, SHOWN)));
            }
        }
    }
}
