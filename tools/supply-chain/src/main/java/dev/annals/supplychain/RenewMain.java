package dev.annals.supplychain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the kept list of advisories anew from a clone of GitHub's advisory database (CC-BY-4.0), whose entries are OSV:
 * those on components that ship, in whichever version, without their long texts. An entry that was kept under another
 * id of the same vulnerability gives way. What the database does not have is left as it is.
 */
public final class RenewMain {

    private RenewMain() {}

    /** @param arguments the clone, the folder of advisories, and one or more bills of materials */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 3) {
            throw new IllegalArgumentException("usage: CLONE ADVISORIES BILL_OF_MATERIALS…");
        }
        Set<String> shipped = new TreeSet<>();
        for (String bill : List.of(arguments).subList(2, arguments.length)) {
            BillOfMaterials.read(Path.of(bill)).forEach(component -> shipped.add(component.coordinates()));
        }
        int kept = renew(Path.of(arguments[0]), Path.of(arguments[1]), shipped);
        System.out.println(kept + " advisories on components that ship");
    }

    /** @return how many entries of the clone are on components that ship */
    static int renew(Path clone, Path advisories, Set<String> shipped) throws IOException {
        int kept = 0;
        for (Path file : files(clone.resolve("advisories/github-reviewed"))) {
            JsonNode entry = Json.read(file);
            List<JsonNode> affected = affected(entry, shipped);
            if (!affected.isEmpty()) {
                removeOthersOf(entry, advisories);
                Json.write(advisories.resolve(Json.text(entry, "id") + ".json"), shortened(entry, affected));
                kept++;
            }
        }
        return kept;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static List<JsonNode> affected(JsonNode entry, Set<String> shipped) {
        List<JsonNode> affected = new ArrayList<>();
        for (JsonNode one : entry.path("affected")) {
            JsonNode named = one.path("package");
            if (named.path("ecosystem").asText().equals("Maven")
                    && shipped.contains(named.path("name").asText())) {
                affected.add(one);
            }
        }
        return affected;
    }

    private static void removeOthersOf(JsonNode entry, Path advisories) throws IOException {
        Set<String> names = Stream.concat(
                        Stream.of(Json.text(entry, "id")), Json.list(entry.path("aliases"), JsonNode::asText).stream())
                .collect(Collectors.toSet());
        for (Path file : files(advisories)) {
            JsonNode other = Json.read(file);
            Stream<String> others = Stream.concat(
                    Stream.of(Json.text(other, "id")), Json.list(other.path("aliases"), JsonNode::asText).stream());
            if (others.anyMatch(names::contains)) {
                Files.delete(file);
            }
        }
    }

    private static ObjectNode shortened(JsonNode entry, List<JsonNode> affected) {
        ObjectNode shortened = JsonNodeFactory.instance.objectNode();
        for (String field :
                List.of("schema_version", "id", "modified", "published", "withdrawn", "aliases", "summary")) {
            if (entry.has(field)) {
                shortened.set(field, entry.get(field));
            }
        }
        ArrayNode packages = shortened.putArray("affected");
        for (JsonNode one : affected) {
            ObjectNode kept = packages.addObject();
            kept.set("package", one.path("package"));
            for (String field : List.of("ranges", "versions")) {
                if (one.has(field)) {
                    kept.set(field, one.get(field));
                }
            }
        }
        if (entry.has("references")) {
            shortened.set("references", entry.get("references"));
        }
        shortened
                .putObject("database_specific")
                .put("source", "GitHub Advisory Database, CC-BY-4.0, shortened")
                .put(
                        "severity",
                        entry.path("database_specific").path("severity").asText(""));
        return shortened;
    }
}
