package dev.annals.supplychain;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.artifact.versioning.ComparableVersion;

/**
 * A known vulnerability, in the format of OSV (https://ossf.github.io/osv-schema/): a file each. Of an entry, packages
 * of the ecosystem Maven count, with their {@code versions} and their {@code ranges} of the type {@code ECOSYSTEM}.
 *
 * @param aliases ids that others have for it
 */
public record Advisory(String id, List<String> aliases, String summary, List<Affected> affected) {

    private static final String ECOSYSTEM = "Maven";

    /**
     * What is affected of one package.
     *
     * @param coordinates {@code group:name}
     * @param ranges of versions, in each of which the events alternate
     */
    public record Affected(String coordinates, List<String> versions, List<List<Event>> ranges) {

        boolean includes(String version) {
            return versions.contains(version) || ranges.stream().anyMatch(range -> includes(range, version));
        }

        /** The algorithm of the OSV schema: the last event at or before the version says whether it is affected. */
        private static boolean includes(List<Event> range, String version) {
            ComparableVersion asked = new ComparableVersion(version);
            boolean vulnerable = false;
            for (Event event : range.stream().sorted().toList()) {
                int comparison = asked.compareTo(event.version());
                switch (event.kind()) {
                    case INTRODUCED -> vulnerable |= comparison >= 0;
                    case FIXED -> vulnerable &= comparison < 0;
                    case LAST_AFFECTED -> vulnerable &= comparison <= 0;
                }
            }
            return vulnerable;
        }

        private Stream<ComparableVersion> fixes() {
            return ranges.stream()
                    .flatMap(List::stream)
                    .filter(event -> event.kind() == Kind.FIXED)
                    .map(Event::version);
        }
    }

    /** What a version of a range does. Of one version's, {@code LAST_AFFECTED} comes behind {@code INTRODUCED}. */
    enum Kind {
        INTRODUCED,
        FIXED,
        LAST_AFFECTED
    }

    /** The version at which vulnerability begins or ends; the version {@code 0} is before all. */
    public record Event(ComparableVersion version, Kind kind) implements Comparable<Event> {

        private static final Comparator<Event> ORDER =
                Comparator.comparing(Event::version).thenComparing(Event::kind);

        @Override
        public int compareTo(Event other) {
            return ORDER.compare(this, other);
        }
    }

    /** All entries of a folder that were not withdrawn, in the order of their files. */
    public static List<Advisory> readAll(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        List<Advisory> advisories = new ArrayList<>();
        for (Path file : files) {
            JsonNode json = Json.read(file);
            if (json.path("withdrawn").isMissingNode()) {
                advisories.add(parse(json));
            }
        }
        return advisories;
    }

    static Advisory parse(JsonNode json) {
        List<Affected> affected = new ArrayList<>();
        for (JsonNode entry : json.path("affected")) {
            if (entry.path("package").path("ecosystem").asText().equals(ECOSYSTEM)) {
                affected.add(new Affected(
                        Json.text(entry.path("package"), "name"),
                        Json.list(entry.path("versions"), JsonNode::asText),
                        ranges(entry)));
            }
        }
        return new Advisory(
                Json.text(json, "id"),
                Json.list(json.path("aliases"), JsonNode::asText),
                json.path("summary").asText(""),
                affected);
    }

    private static List<List<Event>> ranges(JsonNode entry) {
        List<List<Event>> ranges = new ArrayList<>();
        for (JsonNode range : entry.path("ranges")) {
            if (range.path("type").asText().equals("ECOSYSTEM")) {
                List<Event> events = new ArrayList<>();
                range.path("events")
                        .forEach(event -> event.properties()
                                .forEach(field -> events.add(
                                        event(field.getKey(), field.getValue().asText()))));
                ranges.add(events);
            }
        }
        return ranges;
    }

    private static Event event(String kind, String version) {
        return switch (kind) {
            case "introduced" -> new Event(new ComparableVersion(version), Kind.INTRODUCED);
            case "fixed" -> new Event(new ComparableVersion(version), Kind.FIXED);
            case "last_affected" -> new Event(new ComparableVersion(version), Kind.LAST_AFFECTED);
            default -> throw new IllegalArgumentException("no event of a range of versions: " + kind);
        };
    }

    public boolean affects(Component component) {
        return of(component).anyMatch(package_ -> package_.includes(component.version()));
    }

    /** The smallest fixed version above a component's. */
    public Optional<String> fixedFor(Component component) {
        ComparableVersion version = new ComparableVersion(component.version());
        return of(component)
                .flatMap(Affected::fixes)
                .filter(fixed -> fixed.compareTo(version) > 0)
                .min(Comparator.naturalOrder())
                .map(ComparableVersion::toString);
    }

    /** Its id or one of its aliases. */
    public boolean isNamed(String name) {
        return id.equals(name) || aliases.contains(name);
    }

    private Stream<Affected> of(Component component) {
        return affected.stream().filter(other -> other.coordinates().equals(component.coordinates()));
    }
}
