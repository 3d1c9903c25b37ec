package dev.annals.supplychain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThirdPartyMainTest {

    @TempDir
    Path distribution;

    @TempDir
    Path kept;

    @BeforeEach
    void write_a_distribution() throws IOException {
        Files.writeString(distribution.resolve("annals.cdx.json"), """
                {
                  "components": [
                    {"group": "dev.annals", "name": "annals-cli", "version": "1"},
                    {
                      "group": "org.example", "name": "a", "version": "1.2",
                      "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "Other"}}]
                    }
                  ]
                }
                """);
        jar("lib/a-1.2.jar", "META-INF/LICENSE.txt");
        jar("registry/lib/main/org.example.b-2.jar", "b/License.class");
        Files.writeString(distribution.resolve("registry/quarkus-app-dependencies.txt"), "org.example:b::jar:2\n");
        Files.writeString(kept.resolve("licences.json"), """
                {
                  "allowed": ["MIT"],
                  "names": {"Other": {"licence": "EPL-2.0", "why": "read there"}},
                  "components": [{"component": "org.example:b", "licence": "MIT", "why": "read there"}]
                }
                """);
        Files.writeString(kept.resolve("notices.txt"), "Copyright somebody\n");
        Files.writeString(kept.resolve("vendored.json"), """
                [
                  {"group": "@scope", "name": "c", "version": "3", "licence": "MIT"},
                  {"group": "", "name": "d", "version": "4", "licence": "MIT"}
                ]
                """);
    }

    @Test
    void each_part_has_a_list_of_its_own() throws IOException {
        run();

        assertThat(distribution.resolve("THIRD-PARTY.txt"))
                .content()
                .contains("\norg.example:a:1.2\n    MIT OR EPL-2.0\n    META-INF/LICENSE.txt\n", "Copyright somebody")
                .doesNotContain("annals-cli");
        assertThat(distribution.resolve("registry/THIRD-PARTY.txt")).content().endsWith("\norg.example:b:2\n    MIT\n");
    }

    /** A distribution may be made again where it is. */
    @Test
    void what_is_bundled_into_our_files_is_added_to_the_bill_once() throws IOException {
        run();
        run();

        assertThat(BillOfMaterials.read(distribution.resolve("annals.cdx.json")))
                .extracting(Component::toString)
                .containsExactly("npm.scope:c:3", "npm:d:4", "org.example:a:1.2");
        assertThat(distribution.resolve("annals.cdx.json")).content().contains("pkg:npm/%40scope/c@3", "pkg:npm/d@4");
        assertThat(distribution.resolve("THIRD-PARTY.txt")).content().contains("\nnpm:d:4\n    MIT\n");
    }

    @Test
    void the_registry_gets_a_bill_of_materials() throws IOException {
        run();

        assertThat(BillOfMaterials.read(distribution.resolve("registry/registry.cdx.json")))
                .singleElement()
                .hasToString("org.example:b:2")
                .satisfies(component -> assertThat(component.licences()).containsExactly("MIT"));
    }

    /** Maven makes it online only; a build without a network goes on all the same. */
    @Test
    void without_a_bill_of_materials_there_is_no_list() throws IOException {
        Files.delete(distribution.resolve("annals.cdx.json"));

        run();

        assertThat(distribution.resolve("THIRD-PARTY.txt")).doesNotExist();
    }

    @Test
    void a_jar_that_nobody_lists_is_refused() throws IOException {
        jar("registry/lib/main/unknown-1.jar", "META-INF/LICENSE");

        assertThatThrownBy(this::run).hasMessageContaining("unknown-1.jar is not in");
    }

    private void run() throws IOException {
        ThirdPartyMain.main(new String[] {distribution.toString(), kept.toString()});
    }

    private void jar(String path, String entry) throws IOException {
        Path file = distribution.resolve(path);
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(entry));
        }
    }
}
