package dev.annals.containers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of a page of metrics, with the labels that Prometheus gives its target beside its own. */
record Sample(String name, Map<String, String> labels, double value) {

    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)\\})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    static List<Sample> in(String page, Map<String, String> ofTarget) {
        return page.lines()
                .filter(line -> !line.startsWith("#"))
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line ->
                        new Sample(line.group(1), labels(line.group(2), ofTarget), Double.parseDouble(line.group(3))))
                .toList();
    }

    private static Map<String, String> labels(String text, Map<String, String> ofTarget) {
        Map<String, String> labels = new HashMap<>(ofTarget);
        if (text != null) {
            Matcher each = LABEL.matcher(text);
            while (each.find()) {
                labels.put(each.group(1), each.group(2));
            }
        }
        return labels;
    }
}
