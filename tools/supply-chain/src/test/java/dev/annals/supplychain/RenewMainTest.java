package dev.annals.supplychain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenewMainTest {

    private static final String ENTRY = """
            {
              "schema_version": "1.4.0",
              "id": "GHSA-1",
              "modified": "2026-11-30T00:00:00Z",
              "aliases": ["CVE-1"],
              "summary": "reads any file",
              "details": "long",
              "affected": [
                {
                  "package": {"ecosystem": "Maven", "name": "org.example:clients"},
                  "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.3"}]}]
                },
                {"package": {"ecosystem": "Maven", "name": "org.example:other"}}
              ]
            }
            """;

    @TempDir
    Path clone;

    @TempDir
    Path advisories;

    @Test
    void entries_on_what_ships_are_kept_shortened_and_replace_those_of_another_name() throws IOException {
        write("GHSA-1", ENTRY);
        write(
                "GHSA-2",
                ENTRY.replace("GHSA-1", "GHSA-2").replace("CVE-1", "CVE-2").replace("Maven", "npm"));
        Files.writeString(advisories.resolve("CVE-1.json"), "{\"id\": \"CVE-1\"}");
        Files.writeString(advisories.resolve("CVE-3.json"), "{\"id\": \"CVE-3\"}");

        assertThat(RenewMain.renew(clone, advisories, Set.of("org.example:clients")))
                .isEqualTo(1);

        assertThat(advisories.toFile().list()).containsExactlyInAnyOrder("GHSA-1.json", "CVE-3.json");
        assertThat(Files.readString(advisories.resolve("GHSA-1.json")))
                .contains("org.example:clients", "\"fixed\" : \"1.3\"", "CC-BY-4.0")
                .doesNotContain("org.example:other", "long");
    }

    private void write(String id, String entry) throws IOException {
        Path folder = clone.resolve("advisories/github-reviewed/2026/11/" + id);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(id + ".json"), entry);
    }
}
