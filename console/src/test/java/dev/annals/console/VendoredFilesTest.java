package dev.annals.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What browsers get: of others, what {@code vendor/bundle} has made and nothing else, and not too much of it. */
class VendoredFilesTest {

    private static final Path WEB = Path.of("src/main/resources/dev/annals/console/web");
    private static final Path LOCK = Path.of("vendor/package-lock.json");
    private static final Path VENDORED = Path.of("../tools/supply-chain/vendored.json");
    private static final JsonMapper JSON = new JsonMapper();

    /** As {@code vendor/bundle} prints it. */
    private static final String LIT = "7bcbe2e7a69bbd58247a7b0debc5255b01e66971131741d89e2de7948ebcd9ee";

    private static final int MOST_SCRIPT_BYTES = 60 * 1024;

    /** Not those that wait until they are needed. */
    private static final Pattern IMPORT = Pattern.compile("^import [^;]*?'(?<from>[^']+)';", Pattern.MULTILINE);

    @Test
    void lit_is_as_it_was_bundled_and_has_its_licence_beside_it() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(WEB.resolve("vendor/lit.js")));

        assertThat(HexFormat.of().formatHex(hash)).isEqualTo(LIT);
        assertThat(Files.readString(WEB.resolve("vendor/lit-license.txt")))
                .contains("BSD 3-Clause License", "Google LLC");
        assertThat(Files.readString(WEB.resolve("vendor/lit.js"))).startsWith("/* Lit 3.3.3,");
        assertThat(Files.readString(LOCK)).contains("\"lit\": \"3.3.3\"");
    }

    /** Which has them from there. */
    @Test
    void what_is_bundled_is_what_the_bill_of_materials_names() throws IOException {
        JsonNode locked = JSON.readTree(Files.readString(LOCK)).path("packages");

        for (JsonNode each : JSON.readTree(Files.readString(VENDORED))) {
            String scope = each.path("group").asText();
            String name =
                    (scope.isEmpty() ? "" : scope + "/") + each.path("name").asText();
            assertThat(locked.path("node_modules/" + name).path("version").asText())
                    .as(name)
                    .isEqualTo(each.path("version").asText());
        }
    }

    @Test
    void nothing_else_of_others_is_there() throws IOException {
        try (Stream<Path> files = Files.list(WEB.resolve("vendor"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("lit.js", "lit-license.txt");
        }
    }

    /** With all that it imports, as a browser gets them; other screens are loaded when somebody goes there. */
    @Test
    void the_scripts_of_each_screen_are_small() throws IOException {
        try (Stream<Path> screens = Files.list(WEB.resolve("js/screens"))) {
            assertThat(screens).isNotEmpty().allSatisfy(screen -> {
                Set<Path> loaded = new TreeSet<>(Set.of(WEB.resolve("js/theme.js")));
                load(WEB.resolve("js/app.js"), loaded);
                load(screen, loaded);
                assertThat(packed(loaded)).isBetween(MOST_SCRIPT_BYTES / 10, MOST_SCRIPT_BYTES);
            });
        }
    }

    private static void load(Path script, Set<Path> loaded) throws IOException {
        if (loaded.add(script)) {
            Matcher imports = IMPORT.matcher(Files.readString(script));
            while (imports.find()) {
                String from = imports.group("from");
                load(
                        from.startsWith("/assets/")
                                ? WEB.resolve(from.substring("/assets/".length()))
                                : script.resolveSibling(from).normalize(),
                        loaded);
            }
        }
    }

    private static int packed(Set<Path> scripts) throws IOException {
        int sum = 0;
        for (Path script : scripts) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
                out.write(Files.readAllBytes(script));
            }
            sum += packed.size();
        }
        return sum;
    }

    @Test
    void the_page_has_nothing_inline_and_names_no_other_origin() throws IOException {
        assertThat(Files.readString(WEB.resolve("index.html")))
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContain("<style", " style=", " onclick=", "javascript:", "//");
        for (Path script : files(".js")) {
            String text = Files.readString(script, UTF_8);
            assertThat(text.replaceAll("http://127\\.0\\.0\\.1:\\d+", ""))
                    .as(script.toString())
                    .doesNotContainPattern("https?://")
                    .doesNotContain("eval(", "new Function(", " style=");
        }
    }

    private static List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(WEB)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }
}
