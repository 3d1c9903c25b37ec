package dev.annals.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    @Test
    void the_environment_lies_above_the_file(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(
                dir.resolve("annals.properties"), "annals.http.port=1\nannals.http.host=0.0.0.0\nkafka.linger.ms=7\n");

        Settings settings = Settings.load(
                new String[] {"--config", file.toString()},
                Map.of("ANNALS_HTTP_PORT", "2", "ANNALS_KAFKA_BOOTSTRAP_SERVERS", "b:9092", "PATH", "/bin"));

        assertThat(settings.integer("annals.http.port", 3, 0, 9)).isEqualTo(2);
        assertThat(settings.text("annals.http.host")).isEqualTo("0.0.0.0");
        assertThat(settings.kafka()).isEqualTo(Map.of("linger.ms", "7", "bootstrap.servers", "b:9092"));
    }

    @Test
    void what_counts_is_shown_with_its_source_and_no_secret(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("service.properties"), """
                annals.http.port=8090
                kafka.bootstrap.servers=broker:9092
                kafka.sasl.jaas.config=Login required password="geheim";
                kafka.ssl.truststore.password=geheim
                kafka.vault.role=geheim
                kafka.consumer.max.poll.records=7
                kafka.schema.registry.url=http://user:geheim@registry/v7
                """);
        Settings settings =
                Settings.load(new String[] {"--config", file.toString()}, Map.of("ANNALS_LOG_LEVEL", "DEBUG"));
        settings.integer("annals.http.port", 8080, 0, 65_535);
        settings.flag("annals.topics.create", true);
        settings.text("annals.log.level", "INFO");
        settings.text("annals.auth.issuer");

        assertThat(settings.effective())
                .extracting(each -> "%s=%s %s".formatted(each.key(), each.secret() ? "?" : each.value(), each.source()))
                .containsExactly(
                        "annals.auth.issuer=null default",
                        "annals.http.port=8090 " + file,
                        "annals.log.level=DEBUG environment variable ANNALS_LOG_LEVEL",
                        "annals.topics.create=true default",
                        "kafka.bootstrap.servers=broker:9092 " + file,
                        "kafka.consumer.max.poll.records=7 " + file,
                        "kafka.sasl.jaas.config=? " + file,
                        "kafka.schema.registry.url=? " + file,
                        "kafka.ssl.truststore.password=? " + file,
                        "kafka.vault.role=? " + file);
        assertThat(settings.effective().toString()).doesNotContain("geheim");
    }

    @Test
    void a_flag_is_true_or_false_and_nothing_else() {
        Settings settings = Settings.of(Map.of("annals.on", "true", "annals.off", "false", "annals.maybe", "yes"));

        assertThat(settings.flag("annals.on", false)).isTrue();
        assertThat(settings.flag("annals.off", true)).isFalse();
        assertThat(settings.flag("annals.not.set", true)).isTrue();
        assertThatThrownBy(() -> settings.flag("annals.maybe", true))
                .isInstanceOf(StartupException.class)
                .hasMessageStartingWith("annals.maybe=yes")
                .hasMessageEndingWith("expected true or false");
    }

    @Test
    void a_wrong_number_names_key_value_source_and_expectation() {
        Settings settings = Settings.load(new String[0], Map.of("ANNALS_HTTP_PORT", "80800"));

        assertThatThrownBy(() -> settings.integer("annals.http.port", 8080, 0, 65_535))
                .isInstanceOf(StartupException.class)
                .hasMessage("annals.http.port=80800 (from environment variable ANNALS_HTTP_PORT):"
                        + " expected a whole number from 0 to 65535");
    }

    @Test
    void an_unknown_key_names_the_nearest_known_one() {
        Settings settings = Settings.of(Map.of("annals.htp.port", "1"));
        settings.text("annals.http.port");
        settings.text("annals.state.dir");

        assertThatThrownBy(settings::refuseUnknown)
                .hasMessage("unknown setting annals.htp.port (from code); did you mean annals.http.port?");
    }

    /** Kubernetes sets ANNALS_SERVICE_HOST where a service is called annals. */
    @Test
    void an_unknown_variable_of_the_environment_is_no_error() {
        Settings settings = Settings.load(new String[0], Map.of("ANNALS_SERVICE_HOST", "10.0.0.1"));
        settings.refuseUnknown();
        assertThat(settings.text("annals.service.host")).isEqualTo("10.0.0.1");
    }

    @Test
    void variables_of_the_command_line_are_no_settings() {
        Settings settings = Settings.load(
                new String[0], Map.of("ANNALS_DATA", "/srv/shop", "ANNALS_COMMAND_URL", "http://127.0.0.1:8080"));

        assertThat(settings.text("annals.data")).isNull();
        assertThat(settings.text("annals.command.url")).isNull();
    }

    @Test
    void settings_of_other_services_and_of_kafka_are_not_unknown() {
        Settings settings = Settings.of(Map.of("annals.query.page", "1", "kafka.no.such.thing", "2"));

        settings.refuseUnknown("annals.query.");
    }

    @Test
    void a_class_of_another_type_is_refused() {
        Settings settings = Settings.of(Map.of("annals.value.serializer", "java.lang.String"));

        assertThatThrownBy(() -> settings.type("annals.value.serializer", Serializer.class, ""))
                .hasMessageContaining("annals.value.serializer=java.lang.String")
                .hasMessageContaining("org.apache.kafka.common.serialization.Serializer");
    }

    @Test
    void a_file_that_is_not_there_is_named() {
        assertThatThrownBy(() -> Settings.load(new String[] {"--config", "/no/such.properties"}, Map.of()))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("/no/such.properties");
    }
}
