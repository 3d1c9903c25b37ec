package dev.annals.benchmarks.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many cores the processes of a run keep busy, by name. Processes that aren't ours are not seen. */
record CpuMeter(Map<String, List<ProcessHandle>> processes) {

    /**
     * @param at in the nanoseconds of {@link System#nanoTime}
     * @param used processor time of each since its start
     */
    record Sample(long at, Map<String, Duration> used) {}

    Sample sample() {
        Map<String, Duration> used = new TreeMap<>();
        processes.forEach((name, handles) -> used.put(
                name,
                handles.stream()
                        .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
                        .reduce(Duration.ZERO, Duration::plus)));
        return new Sample(System.nanoTime(), used);
    }

    /** The cores that were busy since then. */
    Map<String, Double> coresSince(Sample before) {
        Sample now = sample();
        Map<String, Double> cores = new TreeMap<>();
        now.used()
                .forEach((name, used) -> cores.put(
                        name,
                        (double) used.minus(before.used().getOrDefault(name, Duration.ZERO))
                                        .toNanos()
                                / (now.at() - before.at())));
        return cores;
    }
}
