package dev.annals.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.e2e.Installation.Ran;
import dev.annals.testsupport.kafka.CommittedRecords;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A domain outside of this repository, from its ten files to rows that are read over HTTP. Its schemas are nobody's
 * handwork. The tests follow each other.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("heavy")
final class LibraryDomainE2E {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String RECORD_SCHEMAS = "-Dannals.schemas.record=true";
    private static final String RECORD_SHAPES = "-Dannals.shapes.record=true";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path folder;

    private static LibraryProject library;
    private static Installation annals;

    @AfterAll
    static void everything_stops() throws Exception {
        if (annals != null) {
            annals.stop();
        }
    }

    @Test
    @Order(1)
    void ten_files_are_a_domain() throws Exception {
        library = LibraryProject.copy(folder.resolve("library"));

        assertThat(library.files())
                .hasSizeLessThanOrEqualTo(10)
                .noneMatch(file -> file.toString().endsWith(".avsc"));
        library.compile();
    }

    @Test
    @Order(2)
    void its_own_test_asks_for_schemas_and_records_them() throws Exception {
        Ran before = library.test();
        assertThat(before.exitCode()).isEqualTo(1);
        assertThat(before.out()).contains("CopyLent.avsc: there is no such file", RECORD_SCHEMAS, RECORD_SHAPES);

        right(library.test(RECORD_SCHEMAS, RECORD_SHAPES));

        assertThat(library.folder().resolve("src/main/resources/avro/org/example/library"))
                .isDirectoryRecursivelyContaining("glob:**/copies/CopyLent.avsc")
                .isDirectoryRecursivelyContaining("glob:**/views/CopyRow.avsc");
        right(library.test());
    }

    @Test
    @Order(3)
    void its_jar_in_the_folder_of_domains_is_all_that_an_installation_needs() throws Exception {
        annals = new Installation(folder);
        library.jar(annals.data().resolve("domains/library.jar"));
        right(annals.up());

        assertThat(post("/v1/copies/mm-1/RegisterCopy", "{\"title\":\"Middlemarch\"}"))
                .isEqualTo(201);
        assertThat(post("/v1/copies/mm-2/RegisterCopy", "{\"title\":\"Middlemarch\"}"))
                .isEqualTo(201);
        for (String copy : List.of("mm-1", "mm-2")) {
            assertThat(post("/v1/copies/" + copy + "/LendCopy", "{\"member\":\"ada\",\"due\":\"2026-03-01\"}"))
                    .isEqualTo(200);
        }
        assertThat(post("/v1/copies/mm-2/ReturnCopy", "{\"damage\":\"a page is missing\"}"))
                .isEqualTo(200);
        HttpResponse<String> lentTwice =
                annals.post("/v1/copies/mm-1/LendCopy", "{\"member\":\"bob\",\"due\":\"2026-03-01\"}");
        assertThat(lentTwice.statusCode()).isEqualTo(409);
        assertThat(lentTwice.body()).contains("copy-is-lent");
    }

    @Test
    @Order(4)
    void both_views_are_read_over_http() throws Exception {
        JsonNode copy = row("/v1/copies/mm-1?min_version=2&timeout=20");
        assertThat(copy.path("title").asText()).isEqualTo("Middlemarch");
        assertThat(copy.path("status").asText()).isEqualTo("LENT");
        assertThat(copy.path("due").asText()).isEqualTo("2026-03-01");

        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                row("/v1/member-loans/ada").path("loans").asLong())
                        .isEqualTo(1));
    }

    @Test
    @Order(5)
    void events_bear_the_name_of_its_namespace() {
        assertThat(CommittedRecords.toEnd(annals.kafka().bootstrapServers(), "copies.events"))
                .extracting(event ->
                        new String(event.headers().lastHeader("ce_type").value(), UTF_8))
                .contains("org.example.library.copies.CopyRegistered", "org.example.library.copies.CopyLent");
    }

    @Test
    @Order(6)
    void rows_and_states_are_verified_like_those_of_shipped_domains() throws Exception {
        right(annals.run("verify", "copies", "--settle", "20"));
        right(annals.run("verify", "member-loans", "--settle", "20"));
    }

    @Test
    @Order(7)
    void a_record_that_changes_is_found_by_the_projects_test() throws Exception {
        Path events = library.folder().resolve("src/main/java/org/example/library/CopyEvent.java");
        Files.writeString(
                events,
                Files.readString(events).replace("record CopyRegistered(", "record CopyRegistered(int shelf, "));
        Path decider = library.folder().resolve("src/main/java/org/example/library/CopyDecider.java");
        Files.writeString(
                decider, Files.readString(decider).replace("CopyRegistered(register", "CopyRegistered(1, register"));
        Path test = library.folder().resolve("src/test/java/org/example/library/LibraryTest.java");
        Files.writeString(test, Files.readString(test).replace("CopyRegistered(\"", "CopyRegistered(1, \""));
        library.compile();

        Ran ran = library.test(RECORD_SCHEMAS);

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).contains("CopyRegistered.shelf is new", "@Nullable");
    }

    private static int post(String path, String json) throws Exception {
        return annals.post(path, json).statusCode();
    }

    private static JsonNode row(String path) throws Exception {
        HttpResponse<String> answer = annals.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static void right(Ran ran) {
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
    }
}
