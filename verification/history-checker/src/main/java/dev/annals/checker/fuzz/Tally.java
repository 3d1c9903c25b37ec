package dev.annals.checker.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What was sent, what came, and what was found; of each kind of finding only the first few. Thread-safe. */
final class Tally {

    private static final int SHOWN = 5;
    private static final int MAX_NOTES = 40;
    private static final Pattern NUMBERS = Pattern.compile("\\d+");

    private final Map<String, Long> inputs = new TreeMap<>();
    private final Map<Target, Map<String, Long>> answers = new TreeMap<>();
    private final Map<String, List<String>> findings = new TreeMap<>();
    private final Map<String, Long> found = new TreeMap<>();
    private final Map<Target, Long> sent = new TreeMap<>();
    private final Map<String, Long> notes = new TreeMap<>();

    synchronized void sent(String kind) {
        inputs.merge(kind, 1L, Long::sum);
    }

    synchronized void sent(Target target, String kind) {
        inputs.merge(kind, 1L, Long::sum);
        sent.merge(target, 1L, Long::sum);
    }

    /** @param what a status, or what came instead */
    synchronized void answered(Target target, String what) {
        answers.computeIfAbsent(target, any -> new TreeMap<>()).merge(what, 1L, Long::sum);
    }

    /** Counts what is worth a line without being a finding, numbers aside. */
    synchronized void note(String what) {
        String shown = NUMBERS.matcher(what).replaceAll("#");
        if (notes.size() < MAX_NOTES || notes.containsKey(shown)) {
            notes.merge(shown, 1L, Long::sum);
        }
    }

    /** @param rule of which only the first few are shown */
    synchronized void find(String rule, String detail) {
        found.merge(rule, 1L, Long::sum);
        List<String> known = findings.computeIfAbsent(rule, any -> new ArrayList<>());
        if (known.size() < SHOWN) {
            known.add(detail);
        }
    }

    synchronized long inputs(Target target) {
        return sent.getOrDefault(target, 0L);
    }

    synchronized long answers(Target target, String what) {
        return answers.getOrDefault(target, Map.of()).getOrDefault(what, 0L);
    }

    synchronized long answers(Target target) {
        return answers.getOrDefault(target, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** For people, a line each. */
    synchronized List<String> findings() {
        List<String> lines = new ArrayList<>();
        findings.forEach((rule, details) -> {
            details.forEach(detail -> lines.add(rule + ": " + detail));
            long more = found.getOrDefault(rule, 0L) - details.size();
            if (more > 0) {
                lines.add("%s: and %,d more".formatted(rule, more));
            }
        });
        return lines;
    }

    /** For people, a line each. */
    synchronized List<String> lines() {
        List<String> lines = new ArrayList<>();
        inputs.forEach((kind, count) -> lines.add("  %-60s %,9d".formatted(kind, count)));
        answers.forEach((target, counts) -> {
            StringBuilder line = new StringBuilder("answers of %-9s".formatted(target));
            counts.forEach((what, count) -> line.append("  %s %,d".formatted(what, count)));
            lines.add(line.toString());
        });
        notes.forEach((what, count) -> lines.add("noted %,d times: %s".formatted(count, what)));
        return lines;
    }
}
