package dev.annals.containers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The series that an expression of PromQL asks for.
 *
 * @param name of the metric
 * @param labels what each label must be
 */
record Selector(String name, Map<String, Predicate<String>> labels) {

    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern NAME =
            Pattern.compile("(?<![\\w.\\[])([a-zA-Z_:][\\w:]*)\\s*(?:\\{([^}]*)\\}|(?![\\w:(]|\\s*\\())");
    private static final Set<String> WORDS = Set.of("or", "and", "unless", "offset", "bool", "by", "without");

    /** All that stand in an expression, in its order. */
    static List<Selector> in(String expression) {
        List<Selector> selectors = new ArrayList<>();
        Matcher names = NAME.matcher(GROUPING.matcher(expression).replaceAll(" "));
        while (names.find()) {
            if (!WORDS.contains(names.group(1))) {
                selectors.add(new Selector(names.group(1), labels(names.group(2))));
            }
        }
        return selectors;
    }

    private static Map<String, Predicate<String>> labels(String text) {
        Map<String, Predicate<String>> labels = new LinkedHashMap<>();
        if (text != null) {
            Matcher each = LABEL.matcher(text);
            while (each.find()) {
                labels.merge(each.group(1), predicate(each.group(2), each.group(3)), Predicate::and);
            }
        }
        return labels;
    }

    private static Predicate<String> predicate(String operator, String value) {
        return switch (operator) {
            case "=" -> value::equals;
            case "!=" -> found -> !found.equals(value);
            case "=~" -> Pattern.compile(value).asMatchPredicate();
            default -> Pattern.compile(value).asMatchPredicate().negate();
        };
    }

    /** The same, whatever a label may be. */
    Selector withoutLabel(String label) {
        Map<String, Predicate<String>> others = new LinkedHashMap<>(labels);
        others.remove(label);
        return new Selector(name, others);
    }

    boolean matchesAny(List<Sample> samples) {
        return samples.stream().anyMatch(this::matches);
    }

    boolean matches(Sample sample) {
        return name.equals(sample.name())
                && labels.entrySet().stream()
                        .allMatch(each -> each.getValue().test(sample.labels().getOrDefault(each.getKey(), "")));
    }
}
