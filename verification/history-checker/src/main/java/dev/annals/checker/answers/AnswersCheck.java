package dev.annals.checker.answers;

import dev.annals.checker.cluster.Installation;
import dev.annals.embedded.JvmProcess;
import dev.annals.service.views.ViewRegistry;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** One run of the check on a running installation. For one thread. */
public final class AnswersCheck {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    private static final Duration PROGRESS = Duration.ofSeconds(10);

    /** After its last pair a client may still wait for one answer. */
    private static final Duration LAST_ANSWERS = Duration.ofMinutes(2);

    private static final Duration CALM = Duration.ofSeconds(5);
    private static final Duration DEAD = Duration.ofSeconds(17);

    private final Installation installation;
    private final long seed;
    private final int clients;
    private final Journal journal = new Journal();
    private final List<Outage> outages = new ArrayList<>();

    public AnswersCheck(Installation installation, long seed, int clients) {
        this.installation = installation;
        this.seed = seed;
        this.clients = clients;
    }

    /** Of the ids of all accounts that its clients use. */
    public String idPrefix() {
        return "c%d-".formatted(seed);
    }

    /**
     * How long requests were answered with 503: from the first to the last.
     *
     * @param afterKill until the victim was started again
     * @param afterStart from then until all was calm
     */
    record Outage(String victim, Duration afterKill, Duration afterStart) {}

    /** What came of it. */
    public record Outcome(
            int pairs,
            Duration median,
            Duration p99,
            Duration longest,
            Map<String, Integer> counts,
            List<String> outages,
            Duration longestOutage,
            List<String> findings) {}

    /** So many write-read pairs while all live, or as many as there are within a limit; says now and then how many. */
    public Outcome calm(int pairs, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        AtomicInteger left = new AtomicInteger(pairs);
        BooleanSupplier over = () -> left.get() <= 0 || System.nanoTime() - deadline >= 0;
        run(() -> !over.getAsBoolean() && left.getAndDecrement() > 0, over, () -> {});
        return outcome();
    }

    /** As many pairs as there are while something is done. */
    public Outcome during(Runnable meanwhile) {
        AtomicBoolean over = new AtomicBoolean();
        run(() -> !over.get(), over::get, () -> {
            try {
                meanwhile.run();
            } finally {
                over.set(true);
            }
        });
        return outcome();
    }

    /**
     * As many pairs as there are while each victim is killed (-9) once and started again.
     *
     * @param victims some of {@link Installation#readers}
     */
    public Outcome killing(Map<String, JvmProcess> victims) {
        AtomicBoolean over = new AtomicBoolean();
        run(() -> !over.get(), over::get, () -> {
            try {
                killEach(victims);
            } finally {
                over.set(true);
            }
        });
        return outcome();
    }

    /**
     * As many pairs as there are while the view is replayed again and again: each time, in the middle of the take-over,
     * another victim is killed (-9), or paused for longer than its session.
     *
     * @param victims some of {@link Installation#readers}
     */
    public Outcome takingOver(Map<String, JvmProcess> victims) {
        AtomicBoolean over = new AtomicBoolean();
        run(() -> !over.get(), over::get, () -> {
            try (ViewRegistry board = installation.board()) {
                board.start();
                new TakeOvers(installation, board, journal, new Random(seed)).disturbing(victims);
            } finally {
                over.set(true);
            }
        });
        return outcome();
    }

    private void run(BooleanSupplier goesOn, BooleanSupplier over, Runnable meanwhile) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .build();
        ExecutorService running = Executors.newVirtualThreadPerTaskExecutor();
        for (int i = 0; i < clients; i++) {
            running.execute(new Client(idPrefix() + i, new Random(seed + i), installation, http, journal, goesOn));
        }
        running.shutdown();
        try {
            meanwhile.run();
            while (!over.getAsBoolean() && !running.awaitTermination(PROGRESS.toSeconds(), TimeUnit.SECONDS)) {
                System.err.printf(Locale.ROOT, "%,d pairs%n", journal.pairs());
            }
            if (!running.awaitTermination(LAST_ANSWERS.toSeconds(), TimeUnit.SECONDS)) {
                journal.found("clients still wait for their last answers");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.shutdownNow();
            http.shutdownNow();
        }
    }

    private void killEach(Map<String, JvmProcess> victims) {
        victims.forEach((name, process) -> {
            try {
                outages.add(kill(name, process));
            } catch (TimeoutException e) {
                journal.found("%s did not come back: %s".formatted(name, e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Outage kill(String name, JvmProcess process) throws TimeoutException, InterruptedException {
        Thread.sleep(CALM);
        long killed = System.nanoTime();
        process.kill();
        Thread.sleep(DEAD);
        long started = System.nanoTime();
        process.start();
        installation.awaitReady();
        Thread.sleep(CALM);
        return new Outage(name, journal.failing(killed, at -> at - started < 0), journal.failing(started, at -> true));
    }

    private Outcome outcome() {
        Duration longest = outages.stream()
                .map(outage -> outage.afterKill().compareTo(outage.afterStart()) > 0
                        ? outage.afterKill()
                        : outage.afterStart())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return new Outcome(
                journal.pairs(),
                journal.waited(0.5),
                journal.waited(0.99),
                journal.waited(1),
                journal.counts(),
                outages.stream()
                        .map(outage -> "%s: 503 for %.1f s after the kill, for %.1f s after the start"
                                .formatted(
                                        outage.victim(),
                                        outage.afterKill().toMillis() / 1_000.0,
                                        outage.afterStart().toMillis() / 1_000.0))
                        .toList(),
                longest,
                journal.findings());
    }
}
