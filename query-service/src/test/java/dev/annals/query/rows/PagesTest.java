package dev.annals.query.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.query.routing.Cursor;
import dev.annals.query.routing.Page;
import dev.annals.query.rows.Rows.Row;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] id(JsonNode item) {
        return key(item.path("id").textValue());
    }

    private static Row row(String id) {
        return new Row(
                key(id),
                json -> json.writeTree(JsonNodeFactory.instance.objectNode().put("id", id)));
    }

    /** Of which eleven are more than a page may have. */
    private static Row large(String id) {
        return new Row(key(id), json -> json.writeString(id + "x".repeat(400_000)));
    }

    private static Rows part(@Nullable String scannedTo, String... ids) {
        List<Row> rows = Arrays.stream(ids).map(PagesTest::row).toList();
        return new Rows(rows, scannedTo == null ? null : key(scannedTo));
    }

    private static void assertPage(Rows page, @Nullable String scannedTo, String... ids) {
        assertThat(page.rows())
                .extracting(row -> new String(row.key(), StandardCharsets.UTF_8))
                .containsExactly(ids);
        assertThat(page.scannedTo()).isEqualTo(scannedTo == null ? null : key(scannedTo));
    }

    @Test
    void parts_that_are_read_to_their_end_make_the_last_page() {
        assertPage(Rows.merged(List.of(part(null, "b", "d"), part(null, "a", "c")), 4), null, "a", "b", "c", "d");
    }

    @Test
    void a_page_goes_no_further_than_the_part_that_has_looked_least_far() {
        assertPage(Rows.merged(List.of(part("b", "a", "b"), part(null, "c", "d")), 4), "b", "a", "b");
    }

    @Test
    void a_full_page_goes_on_after_its_last_row() {
        assertPage(Rows.merged(List.of(part(null, "b", "d"), part(null, "a", "c")), 3), "c", "a", "b", "c");
    }

    @Test
    void a_page_ends_with_its_bytes_and_says_where_to_go_on() {
        List<String> keys = IntStream.range(0, 30).mapToObj("k%02d"::formatted).toList();
        List<String> read = new ArrayList<>();
        byte[] after = null;
        int pages = 0;
        do {
            byte[] end = after;
            Iterator<StoredRecord> left = keys.stream()
                    .filter(id -> end == null || Rows.KEY_ORDER.compare(key(id), end) > 0)
                    .map(id -> new StoredRecord(key(id), new byte[0], new RecordHeaders()))
                    .iterator();
            Rows page =
                    Rows.merging(List.of(left), 1_000, each -> large(new String(each.key(), StandardCharsets.UTF_8)));
            assertThat(page.toJson("nextCursor").body()).hasSizeLessThan(Page.MAX_BYTES + 1_000);
            page.rows().forEach(each -> read.add(new String(each.key(), StandardCharsets.UTF_8)));
            after = page.scannedTo();
            pages++;
        } while (after != null);

        assertThat(read).isEqualTo(keys);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void what_others_have_found_is_bounded_once_more() {
        Rows one = new Rows(
                Stream.of("a", "c", "e", "g", "i", "k").map(PagesTest::large).toList(), null);
        Rows other = new Rows(
                Stream.of("b", "d", "f", "h", "j", "l").map(PagesTest::large).toList(), key("m"));

        assertPage(Rows.merged(List.of(one, other), 1_000), "j", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
    }

    @Test
    void a_row_that_is_larger_than_a_page_has_one_of_its_own() {
        Row huge = new Row(key("b"), json -> json.writeString("x".repeat(Page.MAX_BYTES + 1)));

        assertPage(Rows.merged(List.of(new Rows(List.of(huge, row("c")), null)), 1_000), "b", "b");
        assertPage(Rows.merged(List.of(new Rows(List.of(row("a"), huge), null)), 1_000), "a", "a");
    }

    @Test
    void a_scan_without_a_match_still_gets_on() {
        assertPage(Rows.merged(List.of(part("m"), part(null)), 3), "m");
    }

    @Test
    void a_part_reads_as_it_was_written() {
        Rows read = Rows.read(part("ä", "a", "ä").toJson("scannedTo"), "scannedTo", PagesTest::id);

        assertPage(read, "ä", "a", "ä");
    }

    @Test
    void a_part_of_an_instance_that_does_not_know_the_question_is_none() {
        Response ofOlderRelease = part(null).toJson("scannedTo");
        Response refusal = Response.json(json -> {
            json.writeStartObject();
            json.writeStringField("code", "unknown-parameter");
            json.writeEndObject();
        });

        assertThatThrownBy(() -> Rows.read(ofOlderRelease, "rangeScannedTo", PagesTest::id))
                .isInstanceOf(TableUnavailableException.class);
        assertThatThrownBy(() -> Rows.read(refusal, "scannedTo", PagesTest::id))
                .isInstanceOf(TableUnavailableException.class);
    }

    @Test
    void keys_are_ordered_as_in_the_stores() {
        // As UTF-16 the second would come first.
        assertThat(Rows.KEY_ORDER.compare(key("\uFFFD"), key("\uD83D\uDE00"))).isNegative();
        assertThat(Rows.KEY_ORDER.compare(key("a"), Rows.keyAfter(key("a")))).isNegative();
        assertThat(Rows.KEY_ORDER.compare(Rows.keyAfter(key("a")), key("a!"))).isNegative();
    }

    @Test
    void a_cursor_is_read_back() {
        assertThat(Cursor.read(Cursor.after(key("c:1/ä")))).isEqualTo(key("c:1/ä"));
        assertThat(Cursor.read(null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "AQ", "AmE"})
    void what_is_no_cursor_is_refused(String cursor) {
        assertThatThrownBy(() -> Cursor.read(cursor))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("cursor: expected the nextCursor of an earlier page");
    }

    /** Not as an instance that can't answer, of which another attempt may make something. */
    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void a_refusal_of_another_instance_is_that_of_the_page(int status) {
        byte[] problem =
                "{\"code\":\"own-rows-out-of-reach\",\"detail\":\"too many\"}".getBytes(StandardCharsets.UTF_8);
        Response part = new Response(status, "application/problem+json", Map.of(), problem);

        assertThatThrownBy(() -> Rows.read(part, "scannedTo", PagesTest::id))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().status()).isEqualTo(status);
                    assertThat(refused.problem().code()).isEqualTo("own-rows-out-of-reach");
                });
    }
}
