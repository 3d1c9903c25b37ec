package dev.annals.supplychain;

import java.util.Comparator;
import java.util.List;

/**
 * A library that ships, by its Maven coordinates.
 *
 * @param licences as the bill of materials has them: SPDX ids, or names as its authors write them. Of several, whoever
 *     takes the library may choose one, as Maven's poms mean it
 */
public record Component(String group, String name, String version, List<String> licences)
        implements Comparable<Component> {

    private static final Comparator<Component> BY_COORDINATES =
            Comparator.comparing(Component::coordinates).thenComparing(Component::version);

    public Component {
        licences = List.copyOf(licences);
    }

    /** Group and name with a colon between: the name of a package in advisories of the ecosystem Maven. */
    public String coordinates() {
        return group + ":" + name;
    }

    Component under(List<String> otherLicences) {
        return new Component(group, name, version, otherLicences);
    }

    @Override
    public int compareTo(Component other) {
        return BY_COORDINATES.compare(this, other);
    }

    @Override
    public String toString() {
        return coordinates() + ":" + version;
    }
}
