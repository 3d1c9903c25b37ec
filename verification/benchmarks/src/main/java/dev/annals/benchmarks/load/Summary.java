package dev.annals.benchmarks.load;

import dev.annals.benchmarks.load.Scenario.Door;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rounds of a run and what follows from them: medians, and ratios of medians. */
record Summary(List<Row> rounds) {

    /**
     * One measurement.
     *
     * @param round from 1
     * @param cores busy meanwhile, by process
     */
    record Row(int round, Scenario scenario, Program program, Figures figures, Map<String, Double> cores) {}

    /** The median of a scenario and program. */
    record Median(Scenario scenario, Program program, Figures figures) {}

    /** One median in relation to another. */
    record Ratio(String what, double value) {}

    Summary {
        rounds = List.copyOf(rounds);
    }

    /** In the order in which the scenarios and programs were first measured. */
    List<Median> medians() {
        record Subject(Scenario scenario, Program program) {}
        Map<Subject, List<Figures>> figures = new LinkedHashMap<>();
        rounds.forEach(
                row -> figures.computeIfAbsent(new Subject(row.scenario, row.program), unused -> new ArrayList<>())
                        .add(row.figures));
        return figures.entrySet().stream()
                .map(each -> new Median(each.getKey().scenario, each.getKey().program, Figures.median(each.getValue())))
                .toList();
    }

    List<Ratio> ratios() {
        List<Ratio> ratios = new ArrayList<>();
        List<Median> medians = medians();
        for (Median one : medians) {
            medians.stream()
                    .filter(other -> other.program() == one.program().comparedWith()
                            && other.scenario().equals(one.scenario()))
                    .forEach(other -> ratios.addAll(between(one, other)));
        }
        ratios.addAll(betweenPopulations(medians));
        httpAgainstTopics(medians).ifPresent(ratios::add);
        return ratios;
    }

    private List<Ratio> between(Median one, Median other) {
        Scenario scenario = one.scenario();
        boolean several = rounds.stream()
                        .map(row -> row.scenario().population())
                        .distinct()
                        .count()
                > 1;
        String label = several ? scenario.fullLabel() : scenario.label();
        String programs =
                "%s / %s".formatted(one.program().label(), other.program().label());
        Ratio p50 = new Ratio(
                "%s: p50, %s".formatted(label, programs),
                one.figures().p50() / other.figures().p50());
        if (!scenario.isClosedLoop()) {
            return List.of(p50); // both hold the rate
        }
        return List.of(
                new Ratio(
                        "%s: commands/s, %s".formatted(label, programs),
                        one.figures().perSecond() / other.figures().perSecond()),
                p50);
    }

    /** Each further population against the first, under the same load. */
    private static List<Ratio> betweenPopulations(List<Median> medians) {
        List<Ratio> ratios = new ArrayList<>();
        List<Median> firsts = new ArrayList<>();
        for (Median median : medians) {
            firsts.stream()
                    .filter(first -> first.program() == median.program()
                            && first.scenario().differsOnlyInPopulation(median.scenario()))
                    .findFirst()
                    .ifPresentOrElse(first -> ratios.add(againstFirst(median, first)), () -> firsts.add(median));
        }
        return ratios;
    }

    private static Ratio againstFirst(Median median, Median first) {
        return new Ratio(
                "%s: commands/s of the %s, %s / %s"
                        .formatted(
                                median.scenario().label(),
                                median.program().label(),
                                median.scenario().population().label(),
                                first.scenario().population().label()),
                median.figures().perSecond() / first.figures().perSecond());
    }

    private static Optional<Ratio> httpAgainstTopics(List<Median> medians) {
        Optional<Median> http = best(medians, Door.HTTP);
        Optional<Median> topics = best(medians, Door.TOPICS);
        if (http.isEmpty() || topics.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Ratio(
                "commands/s of the service, %s / %s"
                        .formatted(
                                http.get().scenario().label(),
                                topics.get().scenario().label()),
                http.get().figures().perSecond() / topics.get().figures().perSecond()));
    }

    private static Optional<Median> best(List<Median> medians, Door door) {
        return medians.stream()
                .filter(median -> median.program() == Program.SERVICE
                        && median.scenario().door() == door
                        && median.scenario().isClosedLoop())
                .max(Comparator.comparingDouble(median -> median.figures().perSecond()));
    }
}
