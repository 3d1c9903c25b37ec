package dev.annals.checker.answers;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** What the clients saw. Thread-safe. */
final class Journal {

    private static final int MAX_FINDINGS = 20;

    private final List<String> findings = new ArrayList<>();
    private final List<Long> waits = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    /**
     * A request that was not answered, and was sent again.
     *
     * @param at as {@link System#nanoTime}
     * @param what 503, or that the connection failed
     */
    record Failure(long at, String what) {}

    /** An answer that is wrong. Noted with the time of day in UTC, as the services' logs have it. */
    synchronized void found(String finding) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(LocalTime.now(ZoneOffset.UTC) + " " + finding);
        }
        count("findings");
    }

    /** From the answer to a command until its row was read. */
    synchronized void seenAfter(long nanos) {
        waits.add(nanos);
    }

    synchronized void failed(String what) {
        failures.add(new Failure(System.nanoTime(), what));
        count("not answered: " + what);
    }

    synchronized void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    synchronized List<String> findings() {
        return List.copyOf(findings);
    }

    synchronized Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    synchronized int pairs() {
        return waits.size();
    }

    /** From the first to the last failure in a time; zero if there was at most one. */
    synchronized Duration failing(long from, LongPredicate until) {
        LongSummaryStatistics times = failures.stream()
                .mapToLong(failure -> failure.at - from)
                .filter(after -> after >= 0 && until.test(from + after))
                .summaryStatistics();
        return times.getCount() == 0 ? Duration.ZERO : Duration.ofNanos(times.getMax() - times.getMin());
    }

    /** @param quantile from 0 to 1 */
    synchronized Duration waited(double quantile) {
        long[] sorted = waits.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0
                ? Duration.ZERO
                : Duration.ofNanos(sorted[(int) Math.min(sorted.length - 1L, (long) (quantile * sorted.length))]);
    }
}
