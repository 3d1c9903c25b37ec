package dev.annals.supplychain;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/**
 * What was decided on a vulnerability of a component that ships, until a day: {@code decisions.json}. In the words of
 * VEX (https://github.com/openvex/spec), to which the day is added: what was true of the code once is looked at again.
 *
 * @param component {@code group:name}
 * @param version the one that was looked at; the decision is on no other
 * @param status {@code not_affected}, or {@code affected} where it is known and nothing can be had that mends it
 * @param justification of the first status one of VEX's; of the second what is done about it
 * @param until the last day on which it counts
 */
public record Decision(
        String advisory,
        String component,
        String version,
        String status,
        String justification,
        String why,
        LocalDate until) {

    private static final Set<String> JUSTIFICATIONS = Set.of(
            "component_not_present",
            "vulnerable_code_not_present",
            "vulnerable_code_not_in_execute_path",
            "vulnerable_code_cannot_be_controlled_by_adversary",
            "inline_mitigations_already_exist");

    public Decision {
        boolean known = switch (status) {
            case "not_affected" -> JUSTIFICATIONS.contains(justification);
            case "affected" -> true;
            default -> false;
        };
        if (!known) {
            throw new IllegalArgumentException(
                    "%s of %s: no status with such a justification: %s, %s; justifications are %s"
                            .formatted(advisory, component, status, justification, JUSTIFICATIONS));
        }
    }

    public static List<Decision> readAll(Path file) throws IOException {
        return Json.list(Json.read(file), Decision::parse);
    }

    private static Decision parse(JsonNode json) {
        return new Decision(
                Json.text(json, "advisory"),
                Json.text(json, "component"),
                Json.text(json, "version"),
                Json.text(json, "status"),
                Json.text(json, "justification"),
                Json.text(json, "why"),
                LocalDate.parse(Json.text(json, "until")));
    }

    boolean isOn(Advisory other, Component shipped) {
        return other.isNamed(advisory)
                && shipped.coordinates().equals(component)
                && shipped.version().equals(version);
    }
}
