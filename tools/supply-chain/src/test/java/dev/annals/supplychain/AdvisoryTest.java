package dev.annals.supplychain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdvisoryTest {

    private static final String RANGES = """
            {"type": "ECOSYSTEM", "events": [{"fixed": "4.1.2"}, {"introduced": "4.1.0"}]},
            {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"last_affected": "3.9.1"}]},
            {"type": "GIT", "events": [{"introduced": "0"}]}
            """;

    @ParameterizedTest
    @CsvSource({
        "0.1, true",
        "3.9.1, true",
        "3.9.2, false",
        "4.0.0, false",
        "4.1.0-rc1, false",
        "4.1.0, true",
        "4.1.1, true",
        "4.1.2-SNAPSHOT, true",
        "4.1.2, false",
        "4.10.0, false",
        "4.2.0-beta1, true"
    })
    void versions_are_affected_by_ranges_and_by_being_named(String version, boolean affected)
            throws JsonProcessingException {
        Advisory advisory = advisory("Maven", RANGES, "\"4.2.0-beta1\"");

        assertThat(advisory.affects(component("clients", version))).isEqualTo(affected);
    }

    @Test
    void other_packages_and_ecosystems_are_not_affected() throws JsonProcessingException {
        assertThat(advisory("Maven", RANGES, "").affects(component("streams", "4.1.1")))
                .isFalse();
        assertThat(advisory("npm", RANGES, "").affects(component("clients", "4.1.1")))
                .isFalse();
    }

    @Test
    void the_fix_is_the_next_one_above_a_version() throws JsonProcessingException {
        Advisory advisory = advisory("Maven", """
                {"type": "ECOSYSTEM", "events": [{"introduced": "4.1.0"}, {"fixed": "4.1.10"}]},
                {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "4.0.9"}]}
                """, "");

        assertThat(advisory.fixedFor(component("clients", "4.0.1"))).contains("4.0.9");
        assertThat(advisory.fixedFor(component("clients", "4.1.9"))).contains("4.1.10");
        assertThat(advisory.fixedFor(component("clients", "4.1.10"))).isEmpty();
    }

    @Test
    void entries_that_were_withdrawn_are_left_out(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("one.json"), "{\"id\": \"X-1\"}");
        Files.writeString(folder.resolve("two.json"), "{\"id\": \"X-2\", \"withdrawn\": \"2026-12-02T00:00:00Z\"}");

        assertThat(Advisory.readAll(folder)).extracting(Advisory::id).containsExactly("X-1");
    }

    @Test
    void a_file_that_is_no_json_is_named(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("broken.json"), "{");

        assertThatThrownBy(() -> Advisory.readAll(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("broken.json");
    }

    private static Component component(String name, String version) {
        return new Component("org.example", name, version, List.of());
    }

    private static Advisory advisory(String ecosystem, String ranges, String versions) throws JsonProcessingException {
        return Advisory.parse(new JsonMapper().readTree("""
                {
                  "id": "X-1",
                  "affected": [
                    {
                      "package": {"ecosystem": "%s", "name": "org.example:clients"},
                      "ranges": [%s],
                      "versions": [%s]
                    }
                  ]
                }
                """.formatted(ecosystem, ranges, versions)));
    }
}
