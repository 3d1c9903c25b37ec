package dev.annals.supplychain;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The known vulnerabilities of what ships.
 *
 * @param today from which day on decisions count no more
 */
public record Vulnerabilities(List<Advisory> advisories, List<Decision> decisions, LocalDate today) {

    public Vulnerabilities {
        advisories = List.copyOf(advisories);
        decisions = List.copyOf(decisions);
    }

    /** Components with a vulnerability on which nothing was decided, or no longer, and decisions on nothing. */
    public List<String> findings(List<Component> components) {
        List<String> findings = new ArrayList<>();
        Set<Decision> unused = new HashSet<>(decisions);
        for (Component component : components) {
            for (Advisory advisory : advisories) {
                if (advisory.affects(component)) {
                    List<Decision> found = decisions.stream()
                            .filter(decision -> decision.isOn(advisory, component))
                            .toList();
                    unused.removeAll(found);
                    if (found.stream().noneMatch(decision -> !today.isAfter(decision.until()))) {
                        findings.add(words(component, advisory, found));
                    }
                }
            }
        }
        decisions.stream()
                .filter(unused::contains)
                .forEach(decision -> findings.add("nothing ships for the decision on %s of %s:%s"
                        .formatted(decision.advisory(), decision.component(), decision.version())));
        return findings;
    }

    private static String words(Component component, Advisory advisory, List<Decision> ended) {
        String fixed = advisory.fixedFor(component)
                .map(version -> "fixed in " + version)
                .orElse("no fix is known");
        String decided = ended.isEmpty()
                ? ""
                : "; the decision on it has ended on " + ended.getFirst().until();
        return "%s has %s (%s), %s%s".formatted(component, advisory.id(), advisory.summary(), fixed, decided);
    }
}
