package dev.annals.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.accounts.AccountsDomain;
import dev.annals.core.avro.AggregateBinding;
import dev.annals.core.kafka.AvroSerdes;
import dev.annals.core.kafka.Topics;
import dev.annals.serde.RegistryAvroDeserializer;
import dev.annals.serde.RegistryAvroSerializer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SchemaCheckTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final String registry = "mock://" + UUID.randomUUID();

    private SchemaCheck check(String serializer, boolean register) {
        Map<String, Object> settings = Map.of(
                "schema.registry.url",
                registry,
                "auto.register.schemas",
                register,
                "value.subject.name.strategy",
                "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy");
        return new SchemaCheck(
                List.of(AggregateBinding.of(new AccountsDomain().aggregate())),
                new Topics(""),
                new AvroSerdes(serializer, RegistryAvroDeserializer.class.getName(), settings));
    }

    @Test
    void says_which_schema_is_missing_until_somebody_registers_it() {
        try (SchemaCheck lookingUp = check(RegistryAvroSerializer.class.getName(), false);
                SchemaCheck registering = check(RegistryAvroSerializer.class.getName(), true)) {
            assertThat(lookingUp.reasonsAgainst()).as("before the start").hasSize(1);
            lookingUp.start();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(lookingUp.reasonsAgainst())
                            .singleElement()
                            .asString()
                            .contains("accounts.commands-annals.accounts."));

            registering.start();
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(registering.reasonsAgainst()).isEmpty());
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(lookingUp.reasonsAgainst()).isEmpty());
        }
    }

    @Test
    void says_what_an_unexpected_exception_is() {
        try (SchemaCheck check = check(Broken.class.getName(), true)) {
            check.start();

            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(check.reasonsAgainst())
                            .singleElement()
                            .asString()
                            .contains("a bug"));
        }
    }

    /** Not a Kafka exception. */
    public static final class Broken implements org.apache.kafka.common.serialization.Serializer<Object> {

        @Override
        public byte[] serialize(String topic, Object data) {
            throw new IllegalStateException("a bug");
        }
    }
}
