package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;

class QueryConfigTest {

    private static QueryConfig config(String key, String value) {
        Map<String, String> settings =
                new HashMap<>(Map.of("kafka.bootstrap.servers", "localhost:9092", "annals.auth", "insecure"));
        settings.put(key, value);
        return QueryConfig.of(Settings.of(settings));
    }

    @Test
    void the_address_listened_on_is_advertised_unless_another_is_set() {
        assertThat(config("annals.http.host", "127.0.0.1").advertised().at(8081))
                .isEqualTo(new HostInfo("127.0.0.1", 8081));
        assertThat(config(QueryConfig.ADVERTISED, "query-1.example:80")
                        .advertised()
                        .at(8081))
                .isEqualTo(new HostInfo("query-1.example", 80));
        assertThat(config("annals.http.host", "::1").advertised().at(8081)).isEqualTo(new HostInfo("::1", 8081));
        assertThat(config("annals.http.host", "0.0.0.0").advertised().at(8081).host())
                .isNotEqualTo("0.0.0.0");
    }

    @Test
    void an_address_that_is_none_is_refused_by_its_key() {
        assertThatThrownBy(() -> config(QueryConfig.ADVERTISED, "query-1"))
                .isInstanceOf(StartupException.class)
                .hasMessage("annals.query.advertised=query-1: expected host:port");
    }

    @Test
    void an_unknown_setting_is_refused() {
        assertThatThrownBy(() -> config("annals.query.advertized", "a:1"))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("annals.query.advertised");
    }
}
