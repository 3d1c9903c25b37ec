package dev.annals.supplychain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A readable list of what ships: name, version, licence, and where each jar has the text of its licence and its notice.
 *
 * @param folder of the jars, whose names end with {@code name-version.jar}
 */
record ThirdPartyList(Path folder) {

    /** @param components with SPDX ids ({@link Licences#resolve}) */
    String text(List<Component> components, String notices) throws IOException {
        Map<String, Path> jars = jars();
        StringBuilder text = new StringBuilder("""
                Libraries of others that this folder has, with their licences (SPDX). Of several, one may be chosen.
                Behind each are the texts that its jar carries.

                """);
        for (Component component : components) {
            text.append("%s\n    %s\n".formatted(component, String.join(" OR ", component.licences())));
            List<String> texts = texts(component, jars);
            if (!texts.isEmpty()) {
                text.append("    ").append(String.join(", ", texts)).append('\n');
            }
        }
        return text.append(notices).toString();
    }

    private Map<String, Path> jars() throws IOException {
        Map<String, Path> jars = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().endsWith(".jar"))
                    .forEach(file -> jars.put(file.getFileName().toString(), file));
        }
        return jars;
    }

    private static List<String> texts(Component component, Map<String, Path> jars) throws IOException {
        String file = "%s-%s.jar".formatted(component.name(), component.version());
        Path jar = jars.getOrDefault(file, jars.get(component.group() + "." + file));
        if (jar == null) {
            return List.of(); // a jar with a classifier
        }
        List<String> texts = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            zip.stream()
                    .map(ZipEntry::getName)
                    .filter(ThirdPartyList::isText)
                    .sorted()
                    .forEach(texts::add);
        }
        return texts;
    }

    private static boolean isText(String entry) {
        String name = entry.substring(entry.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT);
        return !name.endsWith(".CLASS")
                && Stream.of("LICENSE", "LICENCE", "NOTICE", "COPYING").anyMatch(name::startsWith);
    }
}
