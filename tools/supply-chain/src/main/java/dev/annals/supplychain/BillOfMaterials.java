package dev.annals.supplychain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A bill of materials in CycloneDX's JSON (https://cyclonedx.org/specification/overview/). */
public final class BillOfMaterials {

    private static final String OURS = "dev.annals";

    /** No group of Maven's, so that no advisory on one is taken for one on them. */
    static final String NPM = "npm";

    private BillOfMaterials() {}

    /** All libraries but our own modules, in the order of their coordinates. */
    public static List<Component> read(Path file) throws IOException {
        List<Component> components = new ArrayList<>();
        for (JsonNode component : Json.read(file).path("components")) {
            String group = component.path("group").asText("");
            if (!group.equals(OURS)) {
                components.add(new Component(
                        group, Json.text(component, "name"), Json.text(component, "version"), licences(component)));
            }
        }
        if (components.isEmpty()) {
            throw new IOException(file + ": no components");
        }
        return components.stream().sorted().toList();
    }

    /**
     * Adds what Maven does not know of: packages of npm that are bundled into a file of ours. Their group is
     * {@value #NPM}, or that and their scope; once added, nothing is added again.
     *
     * @param vendored a list of {@code group} (the scope), {@code name}, {@code version} and {@code licence}
     */
    static void addVendored(Path file, Path vendored) throws IOException {
        JsonNode bill = Json.read(file);
        if (!(bill.path("components") instanceof ArrayNode components)) {
            throw new IOException(file + ": no components");
        }
        for (JsonNode each : Json.read(vendored)) {
            String scope = each.path("group").asText("");
            String name = Json.text(each, "name");
            String version = Json.text(each, "version");
            String purl =
                    "pkg:npm/%s%s@%s".formatted(scope.isEmpty() ? "" : scope.replace("@", "%40") + "/", name, version);
            boolean isThere = Json.list(components, other -> other.path("purl").asText(""))
                    .contains(purl);
            if (!isThere) {
                ObjectNode component = components
                        .addObject()
                        .put("type", "library")
                        .put("bom-ref", purl)
                        .put("group", scope.isEmpty() ? NPM : NPM + "." + scope.substring(1))
                        .put("name", name)
                        .put("version", version)
                        .put("purl", purl);
                component.putArray("licenses").addObject().putObject("license").put("id", Json.text(each, "licence"));
            }
        }
        Json.write(file, bill);
    }

    private static List<String> licences(JsonNode component) {
        List<String> licences = new ArrayList<>();
        for (JsonNode choice : component.path("licenses")) {
            JsonNode licence = choice.path("license");
            String named = choice.path("expression")
                    .asText(licence.path("id").asText(licence.path("name").asText("")));
            if (!named.isBlank()) {
                licences.add(named);
            }
        }
        return licences;
    }

    /** @param title what the components are parts of */
    static void write(Path file, String title, List<Component> components) throws IOException {
        ObjectNode bill = JsonNodeFactory.instance.objectNode();
        bill.put("bomFormat", "CycloneDX").put("specVersion", "1.6").put("version", 1);
        bill.putObject("metadata")
                .putObject("component")
                .put("type", "application")
                .put("name", title);
        ArrayNode array = bill.putArray("components");
        for (Component component : components) {
            String purl = "pkg:maven/%s/%s@%s".formatted(component.group(), component.name(), component.version());
            ObjectNode json = array.addObject()
                    .put("type", "library")
                    .put("bom-ref", purl)
                    .put("group", component.group())
                    .put("name", component.name())
                    .put("version", component.version())
                    .put("purl", purl);
            ArrayNode licences = json.putArray("licenses");
            component.licences().forEach(licence -> licences.addObject().put("expression", licence));
        }
        Json.write(file, bill);
    }
}
