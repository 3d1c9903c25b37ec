package dev.annals.testsupport;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The supervised background threads of a service that runs in this JVM, by what its {@code /metrics} say of them. */
public final class BackgroundThreads {

    private static final Pattern FAILURES =
            Pattern.compile("^annals_worker_failures_total\\{worker=\"([^\"]+)\"} ([0-9.E]+)$", Pattern.MULTILINE);

    private BackgroundThreads() {}

    /**
     * Interrupts all of them, whatever they do at the moment, as nobody but the service itself may.
     *
     * @param metrics of the service, in Prometheus' text format
     * @return the names of those that were alive
     */
    public static Set<String> kill(String metrics) {
        Set<String> counted =
                FAILURES.matcher(metrics).results().map(line -> line.group(1)).collect(Collectors.toSet());
        Set<String> killed = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (counted.contains(thread.getName())) {
                thread.interrupt();
                killed.add(thread.getName());
            }
        }
        return killed;
    }

    /** Those that have failed, and have started over or are about to. */
    public static Set<String> failed(String metrics) {
        return FAILURES.matcher(metrics)
                .results()
                .filter(BackgroundThreads::hasFailed)
                .map(line -> line.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean hasFailed(MatchResult line) {
        return Double.parseDouble(line.group(2)) > 0;
    }
}
