package dev.annals.operations.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.operations.verify.Comparison.Difference;
import dev.annals.operations.verify.Comparison.Difference.Field;
import dev.annals.operations.verify.Comparison.Difference.Kind;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RowComparisonTest {

    private final Map<String, String> expected = new TreeMap<>();
    private final RowComparison comparison = new RowComparison(expected::get);

    @Test
    void the_same_rows_are_equal_and_have_equal_hashes() {
        expected.put("a", row("a", 1));
        expected.put("b", row("b", 2));
        Comparison result = serve(row("b", 2), "{\"n\":1.0,\"id\":\"a\"}");

        assertThat(result.differing()).isZero();
        assertThat(result.expected().count()).isEqualTo(2);
        assertThat(result.found()).isEqualTo(result.expected());
    }

    @Test
    void missing_ones_too_many_and_differing_fields_are_named_in_the_order_of_the_keys() {
        expected.put("missing", row("missing", 1));
        expected.put("wrong", row("wrong", 1));
        Comparison result = serve(row("wrong", 2), row("another", 1));

        assertThat(result.differences())
                .extracting(Difference::key, Difference::kind)
                .containsExactly(
                        tuple("another", Kind.TOO_MANY),
                        tuple("missing", Kind.MISSING),
                        tuple("wrong", Kind.DIFFERENT));
        assertThat(result.differences().getLast().fields()).containsExactly(new Field("n", "1", "2"));
        assertThat(result.differences().getLast().text("served")).isEqualTo("wrong: n: expected 1, served 2");
        assertThat(result.expected().hash()).isNotEqualTo(result.found().hash());
    }

    @Test
    void only_the_first_differences_are_kept_but_all_are_counted() {
        expected.put("a", row("a", 1));
        expected.put("b", row("b", 1));
        pass();

        Comparison result = comparison.end(1);
        assertThat(result.differing()).isEqualTo(2);
        assertThat(result.differences()).extracting(Difference::key).containsExactly("a");
    }

    @Test
    void a_row_that_was_read_before_its_event_agrees_when_the_fold_comes_there() {
        expected.put("a", row("a", 1));
        pass(row("a", 3));
        expected.put("a", row("a", 2));
        comparison.changed("a");
        assertThat(comparison.open()).containsExactly("a");
        expected.put("a", row("a", 3));
        comparison.changed("a");
        expected.put("a", row("a", 4)); // agreed already: what comes later is no matter
        comparison.changed("a");

        Comparison result = comparison.end(10);
        assertThat(result.differing()).isZero();
        assertThat(result.changedMeanwhile()).isEqualTo(1);
        assertThat(result.found()).isEqualTo(result.expected());
    }

    @Test
    void a_row_that_lags_behind_agrees_when_it_is_read_again() {
        expected.put("a", row("a", 2));
        expected.put("gone", row("gone", 1));
        pass(row("a", 1));
        comparison.readAgain("a", row("a", 2));
        expected.remove("gone");
        comparison.readAgain("gone", null);

        assertThat(comparison.open()).isEmpty();
        assertThat(comparison.end(10).found().count()).isEqualTo(1);
    }

    private Comparison serve(String... rows) {
        pass(rows);
        return comparison.end(10);
    }

    private void pass(String... rows) {
        Set<String> missing = new TreeSet<>(expected.keySet());
        for (String row : rows) {
            try {
                JsonNode json = new JsonMapper().readTree(row);
                missing.remove(json.path("id").asText());
                comparison.compare(json.path("id").asText(), CanonicalJson.of(json));
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }
        missing.forEach(key -> comparison.compare(key, null));
    }

    private static String row(String key, int n) {
        return "{\"id\":\"%s\",\"n\":%d}".formatted(key, n);
    }
}
