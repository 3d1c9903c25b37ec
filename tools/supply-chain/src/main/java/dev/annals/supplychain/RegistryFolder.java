package dev.annals.supplychain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The schema registry as its authors pack it: a Quarkus application, which has no bill of materials but a list of the
 * coordinates of its jars, whose names are made of them.
 */
final class RegistryFolder {

    private static final String LIST = "quarkus-app-dependencies.txt";

    private RegistryFolder() {}

    /**
     * The jars that are there.
     *
     * @throws IOException also when a jar is not in the list, so that none goes unseen
     */
    static List<Component> components(Path folder) throws IOException {
        Map<String, Component> byFile = new HashMap<>();
        for (String line : Files.readAllLines(folder.resolve(LIST))) {
            String[] parts = line.strip().split(":", -1);
            if (parts.length != 5) {
                throw new IOException("%s: no group:name:classifier:type:version: %s".formatted(LIST, line));
            }
            String classifier = parts[2].isEmpty() ? "" : "-" + parts[2];
            byFile.put(
                    "%s.%s-%s%s.%s".formatted(parts[0], parts[1], parts[4], classifier, parts[3]),
                    new Component(parts[0], parts[1], parts[4], List.of()));
        }
        List<Component> components = new ArrayList<>();
        for (Path jar : jars(folder.resolve("lib"))) {
            Component component = byFile.get(jar.getFileName().toString());
            if (component == null) {
                throw new IOException("%s is not in %s".formatted(jar, LIST));
            }
            components.add(component);
        }
        return components.stream().sorted().toList();
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }
}
