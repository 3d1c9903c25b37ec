package dev.annals.engine.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.annals.serde.registry.RegistryRefusalException;
import dev.annals.serde.registry.RegistryUnavailableException;
import java.net.ConnectException;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics, headers, and the classes that configuration names. */
class NamesTest {

    @Test
    void topics_are_named_as_the_contract_has_them() {
        Topics topics = new Topics("");

        assertThat(topics.commands("orders")).isEqualTo("orders.commands");
        assertThat(topics.events("orders")).isEqualTo("orders.events");
        assertThat(topics.results("orders")).isEqualTo("orders.results");
        assertThat(topics.deadLetters("orders")).isEqualTo("orders.dead-letters");
        assertThat(topics.catalog()).isEqualTo("annals.catalog");
        assertThat(topics.views()).isEqualTo("annals.views");
        assertThat(topics.view("country-sales", 2)).isEqualTo("country-sales.view.2");
    }

    @Test
    void a_prefix_stands_before_every_name() {
        assertThat(new Topics("blue.").events("orders")).isEqualTo("blue.orders.events");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "ä"})
    void a_prefix_that_kafka_would_refuse_is_refused_with_its_key(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Topics(prefix))
                .withMessageContaining("annals.topics.prefix='" + prefix + "'");
    }

    @ParameterizedTest
    @EnumSource(HeaderName.class)
    void a_header_is_read_as_it_was_put(HeaderName name) {
        RecordHeaders headers = new RecordHeaders();
        name.put(headers, "grün 🌱");

        assertThat(name.in(headers)).isEqualTo("grün 🌱");
    }

    @Test
    void a_header_of_null_is_as_none() {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.ID.put(headers, null);
        assertThat(headers.toArray()).isEmpty();

        headers.add("ce_id", null);
        assertThat(HeaderName.ID.in(headers)).isNull();
    }

    @Test
    void of_equal_headers_the_last_counts() {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.ID.put(headers, "first");
        HeaderName.ID.put(headers, "last");

        assertThat(HeaderName.ID.in(headers)).isEqualTo("last");
    }

    @Test
    void a_registry_that_is_away_may_come_back_and_one_that_refuses_will_not_change_its_mind() {
        assertThat(RegistryFailures.mayPass(new RegistryUnavailableException("away", null)))
                .isTrue();
        assertThat(RegistryFailures.mayPass(new SerializationException("x", new ConnectException("refused"))))
                .isTrue();
        assertThat(RegistryFailures.mayPass(new RegistryRefusalException("unknown id", 40403)))
                .isFalse();
        assertThat(RegistryFailures.mayPass(new SerializationException("no magic byte")))
                .isFalse();
    }

    @Test
    void causes_that_go_in_a_circle_end() {
        Exception inner = new Exception("inner");
        Exception outer = new Exception("outer", inner);
        inner.initCause(outer);

        assertThat(RegistryFailures.mayPass(outer)).isFalse();
    }

    @Test
    void a_serializer_that_is_not_there_is_named() {
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(
                        () -> new AvroSerdes("no.such.Serializer", "no.such.Deserializer", Map.of()).newSerializer())
                .withMessageContaining("no.such.Serializer");
    }
}
