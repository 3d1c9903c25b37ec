package dev.annals.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleConfigTest {

    @Test
    void without_settings_it_asks_the_services_of_this_machine_and_is_reached_from_it_alone() {
        ConsoleConfig config = ConsoleConfig.of(Settings.of(Map.of()));

        assertThat(config.service().httpHost()).isEqualTo("127.0.0.1");
        assertThat(config.service().httpPort()).isEqualTo(8084);
        assertThat(config.instances(Upstream.COMMAND)).containsExactly(URI.create("http://127.0.0.1:8080"));
        assertThat(config.instances(Upstream.QUERY)).containsExactly(URI.create("http://127.0.0.1:8081"));
        assertThat(config.readOnly()).isFalse();
    }

    @Test
    void a_service_has_several_instances() {
        ConsoleConfig config = ConsoleConfig.of(
                Settings.of(Map.of("annals.console.query.urls", "https://b.example/, http://[::1]:8081")));

        assertThat(config.instances(Upstream.QUERY))
                .containsExactlyInAnyOrder(URI.create("https://b.example"), URI.create("http://[::1]:8081"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:8081",
                "query-1:8080",
                "ftp://a.example",
                "http://a.example/v1",
                "http://me:secret@a.example",
                "http://a.example?x=1",
                "http://a b"
            })
    void what_is_no_base_address_is_refused_by_its_key(String url) {
        Settings settings = Settings.of(Map.of("annals.console.query.urls", url));

        assertThatThrownBy(() -> ConsoleConfig.of(settings))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("annals.console.query.urls")
                .hasMessageContaining("expected addresses such as");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop\u00e9", "a\tb", "a name of more characters than anybody wants to type"})
    void a_name_that_nobody_can_type_is_refused_by_its_key(String name) {
        Settings settings = Settings.of(Map.of("annals.console.production", name));

        assertThatThrownBy(() -> ConsoleConfig.of(settings))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("annals.console.production")
                .hasMessageContaining("at most 40 characters");
    }

    @Test
    void an_unknown_setting_is_refused() {
        Settings settings = Settings.of(Map.of("annals.console.readonly", "true"));

        assertThatThrownBy(() -> ConsoleConfig.of(settings))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("did you mean annals.console.read.only");
    }
}
