package dev.annals.operations.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.engine.kafka.EventKey;
import dev.annals.operations.erase.Erasure.EventId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {

    @Test
    void is_what_histories_show() {
        EventId id = EventId.parse("accounts/ada.b:1~c-_2/12");

        assertThat(id).isEqualTo(new EventId("accounts", new EventKey("ada.b:1~c-_2", 12)));
        assertThat(id).hasToString("accounts/ada.b:1~c-_2/12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "accounts",
                "accounts/ada",
                "accounts/ada/",
                "accounts/ada/0",
                "accounts/ada/x",
                "accounts/ada/03",
                "accounts//3",
                "accounts/a b/3",
                "accounts/ada/1/2",
                "accounts/ada/1234567890123456789"
            })
    void nothing_else_is_one(String text) {
        assertThatThrownBy(() -> EventId.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'" + text + "'", "accounts/ada/3");
    }
}
