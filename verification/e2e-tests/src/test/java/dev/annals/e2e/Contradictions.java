package dev.annals.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What the answer of a later build no longer says, or says otherwise. It may say more: a field that was not there
 * before contradicts nothing, an element of an array that was not there does.
 */
final class Contradictions {

    private final List<String> found = new ArrayList<>();

    private Contradictions() {}

    /** @param place for people */
    static List<String> of(String place, JsonNode before, JsonNode after) {
        Contradictions contradictions = new Contradictions();
        contradictions.compare(place, before, after);
        return contradictions.found;
    }

    private void compare(String place, JsonNode before, JsonNode after) {
        if (before.isObject() && after.isObject()) {
            before.properties()
                    .forEach(field ->
                            compare(place + " " + field.getKey(), field.getValue(), after.path(field.getKey())));
        } else if (before.isArray() && after.isArray() && before.size() == after.size()) {
            for (int i = 0; i < before.size(); i++) {
                compare(place + " " + i, before.get(i), after.get(i));
            }
        } else if (!before.equals(after)) {
            found.add("%s: %s, and before %s".formatted(place, after.isMissingNode() ? "nothing" : after, before));
        }
    }
}
