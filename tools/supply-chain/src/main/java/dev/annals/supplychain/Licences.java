package dev.annals.supplychain;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which licences may ship, and what those are that components lack or name oddly: {@code licences.json}. Licences are
 * SPDX ids and expressions (https://spdx.org/licenses/), compared as texts.
 *
 * @param allowed of several licences of a component one must be here
 * @param names SPDX ids of other names that poms have
 * @param rules what the components of a pattern are under, whatever their poms say
 */
public record Licences(Set<String> allowed, Map<String, String> names, List<Rule> rules) {

    private static final String UNKNOWN = "NOASSERTION"; // SPDX's word for it

    /**
     * A licence that somebody has looked up.
     *
     * @param component {@code group:name}, in which a {@code *} stands for any text
     */
    public record Rule(String component, String licence, String why) {

        private boolean matches(Component other) {
            String regex = "\\Q" + component.replace("*", "\\E.*\\Q") + "\\E";
            return Pattern.matches(regex, other.coordinates());
        }
    }

    public Licences {
        allowed = Set.copyOf(allowed);
        names = Map.copyOf(names);
        rules = List.copyOf(rules);
    }

    public static Licences read(Path file) throws IOException {
        JsonNode json = Json.read(file);
        Map<String, String> names = new LinkedHashMap<>();
        json.path("names").properties().forEach(name -> names.put(name.getKey(), reasoned(name.getValue())));
        return new Licences(
                Set.copyOf(Json.list(json.path("allowed"), JsonNode::asText)),
                names,
                Json.list(
                        json.path("components"),
                        rule -> new Rule(
                                Json.text(rule, "component"), Json.text(rule, "licence"), Json.text(rule, "why"))));
    }

    private static String reasoned(JsonNode name) {
        Json.text(name, "why");
        return Json.text(name, "licence");
    }

    /** The component with SPDX ids: those of the first rule for it, else its own; {@code NOASSERTION} without any. */
    public Component resolve(Component component) {
        for (Rule rule : rules) {
            if (rule.matches(component)) {
                return component.under(List.of(rule.licence()));
            }
        }
        List<String> licences = component.licences().stream()
                .map(licence -> names.getOrDefault(licence, licence))
                .toList();
        return component.under(licences.isEmpty() ? List.of(UNKNOWN) : licences);
    }

    /** Components without a licence that is allowed, and rules for nothing that ships, in words. */
    public List<String> findings(List<Component> components) {
        List<String> findings = new ArrayList<>();
        Set<Rule> unused = new HashSet<>(rules);
        for (Component component : components) {
            unused.removeIf(rule -> rule.matches(component));
            List<String> licences = resolve(component).licences();
            if (licences.stream().noneMatch(allowed::contains)) {
                findings.add("%s is under %s, and none of it is allowed".formatted(component, licences));
            }
        }
        rules.stream()
                .filter(unused::contains)
                .forEach(rule -> findings.add("nothing ships for the rule on " + rule.component()));
        return findings;
    }
}
