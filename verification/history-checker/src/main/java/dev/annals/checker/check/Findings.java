package dev.annals.checker.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects findings; of each rule only the first {@link #MAX_OF_A_RULE}, since one fault has many faces. */
final class Findings {

    static final int MAX_OF_A_RULE = 8;

    private final List<Finding> all = new ArrayList<>();
    private final Map<Rule, Integer> counts = new EnumMap<>(Rule.class);

    void add(Rule rule, Object where, String detail) {
        if (counts.merge(rule, 1, Integer::sum) <= MAX_OF_A_RULE) {
            all.add(new Finding(rule, where.toString(), detail));
        }
    }

    List<Finding> toList() {
        List<Finding> list = new ArrayList<>(all);
        counts.forEach((rule, count) -> {
            if (count > MAX_OF_A_RULE) {
                list.add(new Finding(rule, "…", "and %d more".formatted(count - MAX_OF_A_RULE)));
            }
        });
        return List.copyOf(list);
    }
}
