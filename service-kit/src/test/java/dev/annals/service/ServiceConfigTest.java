package dev.annals.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.service.kafka.StreamsDefaults;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceConfigTest {

    private static ServiceConfig config(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(Map.of("kafka.bootstrap.servers", "localhost:1"));
        all.putAll(settings);
        return ServiceConfig.of(Settings.of(all), 8080);
    }

    @Test
    void listens_on_loopback_unless_told_otherwise() {
        assertThat(config(Map.of()).httpHost()).isEqualTo("127.0.0.1");
        assertThat(config(Map.of()).httpPort()).isEqualTo(8080);
    }

    @Test
    void missing_bootstrap_servers_are_named_with_their_environment_variable() {
        assertThatThrownBy(() -> ServiceConfig.of(Settings.of(Map.of()), 8080))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("kafka.bootstrap.servers")
                .hasMessageContaining("ANNALS_KAFKA_BOOTSTRAP_SERVERS");
    }

    @Test
    void an_invalid_prefix_is_named() {
        assertThatThrownBy(() -> config(Map.of("annals.topics.prefix", "a b")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("annals.topics.prefix='a b'");
    }

    @Test
    void a_serializer_that_is_not_on_the_class_path_is_named() {
        assertThatThrownBy(() -> config(Map.of("annals.value.serializer", "no.Such")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("annals.value.serializer=no.Such");
    }

    @Test
    void streams_settings_of_the_operator_win_over_defaults() {
        ServiceConfig config = config(Map.of("kafka.commit.interval.ms", "50", "annals.topics.prefix", "eu."));

        assertThat(StreamsDefaults.of(config, "annals-x"))
                .containsEntry("commit.interval.ms", "50")
                .containsEntry("producer.linger.ms", 20)
                .containsEntry("application.id", "eu.annals-x");
    }

    @Test
    void what_correctness_needs_can_not_be_configured_away() {
        ServiceConfig config = config(Map.of("kafka.processing.guarantee", "at_least_once"));

        assertThatThrownBy(() -> StreamsDefaults.of(config, "annals-x"))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("kafka.processing.guarantee=at_least_once")
                .hasMessageContaining("exactly_once_v2");
    }

    @Test
    void an_origin_that_no_browser_would_send_is_refused() {
        for (String origin :
                new String[] {"shop.example", "https://shop.example/", "https://Shop.example", "https://a b"}) {
            assertThatThrownBy(() -> config(Map.of("annals.http.cors.origins", origin)))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("annals.http.cors.origins=" + origin);
        }
        assertThat(config(Map.of("annals.http.cors.origins", " https://a.example,http://b:3000 "))
                        .corsOrigins())
                .containsExactlyInAnyOrder("https://a.example", "http://b:3000");
        assertThat(config(Map.of()).corsOrigins()).isEmpty();
    }

    @Test
    void a_host_name_with_a_port_or_a_path_is_refused_and_an_own_address_is_not() {
        for (String name : new String[] {"annals.example:8080", "https://annals.example", "a b"}) {
            assertThatThrownBy(() -> config(Map.of("annals.http.host.names", name)))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("annals.http.host.names=" + name);
        }
        assertThat(config(Map.of("annals.http.host.names", "Annals.Example, b"))
                        .withHostName("::1")
                        .hostNames())
                .containsExactlyInAnyOrder("annals.example", "b", "::1");
    }
}
