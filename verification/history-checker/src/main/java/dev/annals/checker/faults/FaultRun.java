package dev.annals.checker.faults;

import dev.annals.api.AggregateType;
import dev.annals.checker.check.Finding;
import dev.annals.checker.check.Rule;
import dev.annals.checker.cluster.Installation;
import dev.annals.checker.cluster.Readiness;
import dev.annals.checker.faults.FaultScenario.Stage;
import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.checker.workload.Barriers;
import dev.annals.checker.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a scenario works with while clients send commands, and what it has seen. A limit that passes is a finding, not
 * an exception: the scenario goes on and heals what it has broken. For one thread.
 */
public final class FaultRun {

    /** Where the machine is slow or busy: how many times longer everything may take. */
    private static final double PATIENCE = Double.parseDouble(System.getProperty("annals.faults.patience", "1"));

    private static final Duration LOOK = Duration.ofMillis(200);

    private final Stage stage;
    private final Installation installation;
    private final Workload workload;
    private final SplittableRandom random;
    private final List<AggregateRef> barriers;
    private final Consumer<String> log;
    private final long deadline;
    private final List<Finding> findings = Collections.synchronizedList(new ArrayList<>());
    private final List<String> prefixesOfOthers = new ArrayList<>();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private int rounds;
    private int barrierRounds;

    /**
     * @param duration of the workload
     * @param log is told what happens, a line each
     */
    public FaultRun(
            Stage stage,
            Installation installation,
            Workload workload,
            Duration duration,
            long seed,
            List<AggregateType<?, ?, ?>> types,
            Consumer<String> log) {
        this.stage = stage;
        this.installation = installation;
        this.workload = workload;
        this.random = new SplittableRandom(seed ^ 0x6661756C74L); // apart from the commands
        this.barriers = Barriers.of(types, Installation.PARTITIONS);
        this.log = log;
        this.deadline = System.nanoTime() + duration.toNanos();
    }

    /** Disturbs until the time is over; an exception of the scenario is a finding. */
    public void run() throws InterruptedException {
        try {
            stage.disturb(this);
            sleepUntil(deadline);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            found("the scenario could not go on: " + e);
        }
    }

    /** See {@link Stage#afterwards}; likewise. */
    public void afterwards() throws InterruptedException {
        try {
            stage.afterwards(this);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            found("the scenario could not look at what came of it: " + e);
        }
    }

    public Installation installation() {
        return installation;
    }

    public Workload workload() {
        return workload;
    }

    /** Of the seed, and apart from the commands. */
    public RandomGenerator random() {
        return random;
    }

    /** True the first time, and then until the time of the run is over. */
    public boolean goesOn() {
        return rounds++ == 0 || System.nanoTime() - deadline < 0;
    }

    /** Lets the fault, or the calm after it, last for a while that is drawn from the seed. */
    public void pause(Duration least, Duration most) throws InterruptedException {
        Thread.sleep(between(least, most));
    }

    public Duration between(Duration least, Duration most) {
        return Duration.ofMillis(random.nextLong(least.toMillis(), most.toMillis() + 1));
    }

    /** Somebody else sends commands to accounts whose ids begin so, and checks what comes of them. */
    public void othersSendTo(String idPrefix) {
        prefixesOfOthers.add(idPrefix);
    }

    /** See {@link #othersSendTo}. */
    public List<String> prefixesOfOthers() {
        return List.copyOf(prefixesOfOthers);
    }

    /** A line of the log alone. */
    public void say(String line) {
        log.accept(line);
    }

    /** A line of the log, and of the report. */
    public void saw(String line) {
        log.accept(line);
        seen.add(line);
    }

    /** Something that must not be. */
    public void found(String detail) {
        found(Rule.UNDER_FAULT, detail);
    }

    private void found(Rule rule, String detail) {
        log.accept("FOUND " + detail);
        findings.add(new Finding(rule, "scenario", detail));
    }

    /** A finding unless it holds. */
    public void expect(boolean holds, String expected) {
        if (!holds) {
            found("expected " + expected);
        }
    }

    /**
     * Waits until a command has been decided in each partition of each type, by any instance; four times as long as the
     * limit, so that a finding says how long it took.
     *
     * @param limit from now on; a finding beyond it
     * @param after what, for people
     * @return how long it took
     */
    public Duration awaitDecisions(Duration limit, String after) throws Exception {
        long from = System.nanoTime();
        Duration patience = patience(limit);
        String id = "recovery-" + barrierRounds++;
        List<Future<Call>> asked = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (AggregateRef each : barriers) {
                asked.add(threads.submit(
                        () -> workload.insist(each, id, Barriers.command(each), null, patience.multipliedBy(4))));
            }
        }
        Duration taken = Duration.ofNanos(System.nanoTime() - from);
        for (Future<Call> each : asked) {
            Call call = each.get();
            if (!(call.answer() instanceof Decided)) {
                found(Rule.NOT_RECOVERED, "%s: not decided within %s: %s".formatted(after, text(taken), call));
                return taken;
            }
        }
        saw("%s: all partitions decided after %s".formatted(after, text(taken)));
        if (taken.compareTo(patience) > 0) {
            found(
                    Rule.NOT_RECOVERED,
                    "%s: decided after %s, expected %s".formatted(after, text(taken), text(patience)));
        }
        return taken;
    }

    /** Asks once for a decision in each partition of each type, all at the same time, instances in turns. */
    public List<Call> askAll(Duration limit) throws Exception {
        String id = "asked-" + barrierRounds++;
        List<Future<Call>> asked = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < barriers.size(); i++) {
                AggregateRef each = barriers.get(i);
                int instance = i % installation.addresses().size();
                asked.add(threads.submit(() -> workload.ask(instance, each, id, Barriers.command(each), limit)));
            }
        }
        List<Call> calls = new ArrayList<>();
        for (Future<Call> each : asked) {
            calls.add(each.get());
        }
        return calls;
    }

    /**
     * Waits until a service says that it is not ready, and why.
     *
     * @param words one of which its reasons must have, or none that matters
     */
    public void awaitNotReady(String service, Duration limit, String... words) throws InterruptedException {
        Readiness[] last = new Readiness[1];
        Duration taken = await(limit, () -> {
            last[0] = installation.readiness(service);
            return last[0].status() == 503 && hasAny(last[0].body(), words);
        });
        if (taken == null) {
            found("%s is not ready within %s with one of %s, but says %s"
                    .formatted(service, text(patience(limit)), List.of(words), last[0]));
        } else {
            saw("%s not ready after %s: %s".formatted(service, text(taken), last[0].body()));
        }
    }

    /** Whether a text has one of these; true where there are none. */
    static boolean hasAny(String body, String... words) {
        for (String word : words) {
            if (body.contains(word)) {
                return true;
            }
        }
        return words.length == 0;
    }

    /** Waits until all services are ready. */
    public void awaitReady(Duration limit, String after) throws InterruptedException {
        Duration taken = await(
                limit,
                () -> installation.services().stream()
                        .allMatch(each -> installation.readiness(each).isReady()));
        if (taken == null) {
            found(
                    Rule.NOT_RECOVERED,
                    "%s: not ready within %s: %s"
                            .formatted(
                                    after,
                                    text(patience(limit)),
                                    installation.services().stream()
                                            .map(each -> each + " " + installation.readiness(each))
                                            .toList()));
        } else {
            saw("%s: all services ready after %s".formatted(after, text(taken)));
        }
    }

    /**
     * Waits for a condition, within a limit.
     *
     * @return how long it took; null beyond the limit
     */
    public @Nullable Duration await(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long from = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - from > patience(limit).toNanos()) {
                return null;
            }
            Thread.sleep(LOOK);
        }
        return Duration.ofNanos(System.nanoTime() - from);
    }

    /** What of the workload was asked after one moment and answered before another; of {@link System#nanoTime}. */
    public List<Call> calls(long invokedAfter, long answeredBefore) {
        return workload.calls().stream()
                .filter(call -> call.invoked() - invokedAfter > 0 && call.answered() - answeredBefore < 0)
                .toList();
    }

    private static Duration patience(Duration limit) {
        return Duration.ofMillis((long) (limit.toMillis() * PATIENCE));
    }

    private static void sleepUntil(long time) throws InterruptedException {
        long left = time - System.nanoTime();
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left));
        }
    }

    /** In seconds, for people. */
    public static String text(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1_000.0);
    }

    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** What {@link #saw} was told. */
    public List<String> seen() {
        return List.copyOf(seen);
    }
}
