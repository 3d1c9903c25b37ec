package dev.annals.claims;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimIdsTest {

    /** In hexadecimal digits: of 195 times the letter x. */
    private static final String SHA_256 = "f6d860739371a23344dcba5c34c77fa7afc6b2cc451f193159ff1cd8bde6e7b8";

    /** Whoever writes the rule in another language: these are what to compare with. */
    @ParameterizedTest
    @CsvSource({
        "email, ada@example.org, email:ada~40example.org",
        "user-name, Ada_L-1.0, user-name:Ada_L-1.0",
        "icao24, A6C75E, icao24:A6C75E",
        "flight, B:43987902, flight:B:43987902",
        "n, 'a b', n:a~20b",
        "n, a~40b, n:a~7E40b",
        "n, ~~, n:~7E~7E",
        "n, 50%/ü, n:50~25~2F~C3~BC",
        "n, 🦉, n:~F0~9F~A6~89"
    })
    void a_value_can_be_read_in_its_id(String scope, String value, String id) {
        assertThat(ClaimIds.of(scope, value)).isEqualTo(id);
    }

    @Test
    void a_value_that_is_too_long_is_hashed() {
        assertThat(ClaimIds.of("email", "x".repeat(194))).isEqualTo("email:" + "x".repeat(194));
        assertThat(ClaimIds.of("email", "x".repeat(195))).isEqualTo("email:~~" + SHA_256);
        assertThat(ClaimIds.of("s".repeat(100), "x".repeat(195))).isEqualTo("s".repeat(100) + ":~~" + SHA_256);
    }

    @Test
    void the_id_of_a_hashed_value_belongs_to_no_other() {
        assertThat(ClaimIds.of("email", "~~" + SHA_256)).isEqualTo("email:~7E~7E" + SHA_256);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:b", "a~b", "a b", "ü", "a/b"})
    void a_scope_that_could_not_be_told_from_the_value_is_refused(String scope) {
        assertThatThrownBy(() -> ClaimIds.of(scope, "ada"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scope '%s': expected 1 to 100 characters of A-Z a-z 0-9 . _ -", scope);
    }

    @Test
    void what_is_no_text_is_refused() {
        assertThatThrownBy(() -> ClaimIds.of("s".repeat(101), "ada")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClaimIds.of("email", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("email", "at least one character");
        assertThatThrownBy(() -> ClaimIds.of("email", "a\uD83E"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("surrogate");
    }

    /** Who can read the value back has lost nothing: so no two values share an id. */
    @Property
    void every_id_is_valid_and_leads_back_to_its_value(@ForAll("values") String value) {
        String id = ClaimIds.of("any", value);

        assertThat(id).matches("[A-Za-z0-9._:~-]{1,200}").startsWith("any:");
        if (!id.startsWith("any:~~")) {
            assertThat(read(id.substring("any:".length()))).isEqualTo(value);
        }
    }

    @Provide
    Arbitrary<String> values() {
        Arbitrary<Character> special = Arbitraries.of('~', ':', '@', '%', '4', '0', 'E', '7');
        Arbitrary<Character> any = Arbitraries.chars().range('\u0000', '\uD7FF');
        return Arbitraries.oneOf(special, special, any)
                .list()
                .ofMinSize(1)
                .ofMaxSize(80)
                .map(characters -> {
                    StringBuilder text = new StringBuilder();
                    characters.forEach(text::append);
                    return text.toString();
                });
    }

    private static String read(String escaped) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '~') {
                bytes.write(Integer.parseInt(escaped, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(escaped.charAt(i));
            }
        }
        return bytes.toString(UTF_8);
    }
}
