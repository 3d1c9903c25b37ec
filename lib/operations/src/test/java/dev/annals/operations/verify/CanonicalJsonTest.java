package dev.annals.operations.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

    @Test
    void the_order_of_members_and_the_form_of_numbers_make_no_difference() throws JsonProcessingException {
        assertThat(canonical("{\"b\": 1.50, \"a\": [ {\"d\": null, \"c\": true} ], \"e\": 1e3, \"f\": 0.0}"))
                .isEqualTo("{\"a\":[{\"c\":true,\"d\":null}],\"b\":1.5,\"e\":1000,\"f\":0}");
    }

    @Test
    void the_order_of_elements_and_the_text_of_strings_do() throws JsonProcessingException {
        assertThat(canonical("[\"1.50\",\"1.5\",1.5]")).isEqualTo("[\"1.50\",\"1.5\",1.5]");
        assertThat(canonical("\"\\u00e9\\n\\\"/\"")).isEqualTo("\"é\\n\\\"/\"");
        assertThat(canonical("[{},[]]")).isEqualTo("[{},[]]");
    }

    private static String canonical(String json) throws JsonProcessingException {
        return CanonicalJson.of(new JsonMapper().readTree(json));
    }
}
