package dev.annals.operations.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContentHashTest {

    @Test
    void equal_contents_have_equal_hashes_in_whatever_order_they_come() {
        assertThat(hash("a", "1", "b", "2")).isEqualTo(hash("b", "2", "a", "1"));
    }

    @Test
    void every_key_and_every_content_counts() {
        assertThat(hash("a", "1"))
                .isNotEqualTo(hash("a", "2"))
                .isNotEqualTo(hash("b", "1"))
                .isNotEqualTo(hash("a", "1", "b", "1"))
                .isNotEqualTo(hash());
    }

    @Test
    void a_content_replaces_that_of_its_key() {
        assertThat(hash("a", "1", "a", "2")).isEqualTo(hash("a", "2"));
    }

    /** Reckoned by another program: a hash that changes from build to build would prove nothing. */
    @Test
    void a_known_content_has_the_known_hash() {
        assertThat(hash("é", "{\"id\":\"é\"}", "a", "{\"id\":\"a\"}"))
                .isEqualTo("6ff0318e25feccbfcb92c6412ab7e4eb1431b1e39a59bc8fbce270c049880774");
        assertThat(hash()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    private static String hash(String... keysAndContents) {
        ContentHash hash = new ContentHash();
        for (int i = 0; i < keysAndContents.length; i += 2) {
            hash.put(keysAndContents[i], keysAndContents[i + 1]);
        }
        return hash.hex();
    }
}
