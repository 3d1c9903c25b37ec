package dev.annals.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.service.kafka.StreamsDefaults;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "kafka.processing.guarantee, at_least_once, exactly_once_v2",
        "kafka.group.protocol, streams, classic",
        "kafka.acks, 0, all",
        "kafka.acks, 1, all",
        "kafka.producer.acks, 0, all",
        "kafka.enable.idempotence, false, true",
        "kafka.producer.enable.idempotence, False, true",
        "kafka.isolation.level, read_uncommitted, read_committed",
        "kafka.consumer.isolation.level, read_uncommitted, read_committed",
        "kafka.main.consumer.isolation.level, read_uncommitted, read_committed",
        "kafka.restore.consumer.isolation.level, read_uncommitted, read_committed",
    })
    void what_correctness_needs_can_not_be_configured_away(String key, String value, String must) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(key + "=" + value)
                .hasMessageContaining("it must be " + must)
                .hasMessageContaining("remove the setting");
    }

    @Test
    void the_id_of_an_application_is_none_of_the_operators_settings() {
        assertThatThrownBy(() -> config(Map.of("kafka.application.id", "mine")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("kafka.application.id=mine");
    }

    @ParameterizedTest
    @CsvSource({"kafka.acks, all", "kafka.producer.acks, -1", "kafka.enable.idempotence, TRUE"})
    void what_correctness_needs_may_be_said_in_a_setting(String key, String value) {
        assertThat(StreamsDefaults.of(config(Map.of(key, value)), "annals-x")).containsKey(key.substring(6));
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
        Settings names = Settings.of(
                Map.of("kafka.bootstrap.servers", "localhost:1", "annals.http.host.names", "Annals.Example, b"));
        assertThat(ServiceConfig.of(names, 8080, "::1").hostNames())
                .containsExactlyInAnyOrder("annals.example", "b", "::1");
    }

    @Test
    void its_text_has_no_passwords() {
        assertThat(config(Map.of("kafka.ssl.keystore.password", "s3cret")).toString())
                .contains("ssl.keystore.password")
                .doesNotContain("s3cret");
    }
}
