package dev.annals.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.annals.accounts.AccountsDomain;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import dev.annals.serde.RegistryAvroDeserializer;
import dev.annals.serde.RegistryAvroSerializer;
import dev.annals.serde.registry.MockSchemaRegistryClient;
import dev.annals.serde.registry.RegistryRefusalException;
import dev.annals.service.StartupException;
import dev.annals.service.Workers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class SchemaCheckTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private String registry = "mock://" + UUID.randomUUID();

    /** As the catalog has it. */
    private final Map<Integer, String> recorded = new ConcurrentHashMap<>();

    private String scope() {
        return registry.substring("mock://".length());
    }

    private SchemaCheck check(String serializer, boolean register) {
        return check(serializer, register, Map.of());
    }

    private SchemaCheck check(String serializer, boolean register, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "schema.registry.url",
                registry,
                "auto.register.schemas",
                register,
                "value.subject.name.strategy",
                "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy"));
        settings.putAll(more);
        return new SchemaCheck(
                List.of(AggregateBinding.of(new AccountsDomain().aggregate())),
                new Topics(""),
                new AvroSerdes(serializer, RegistryAvroDeserializer.class.getName(), settings),
                new SchemaIds(
                        recorded,
                        found -> found.forEach(recorded::putIfAbsent),
                        MockSchemaRegistryClient.forScope(scope())::schemaById),
                new Workers(new SimpleMeterRegistry()));
    }

    @Test
    void says_which_schema_is_missing_until_somebody_registers_it() {
        try (SchemaCheck lookingUp = check(RegistryAvroSerializer.class.getName(), false);
                SchemaCheck registering = check(RegistryAvroSerializer.class.getName(), true)) {
            assertThat(lookingUp.reasonsAgainst()).as("before the start").hasSize(1);
            lookingUp.start(() -> {});
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(lookingUp.reasonsAgainst())
                            .singleElement()
                            .asString()
                            .contains("accounts.commands-annals.accounts."));

            registering.start(() -> {});
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(registering.reasonsAgainst()).isEmpty());
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(lookingUp.reasonsAgainst()).isEmpty());
        }
    }

    @Test
    void begins_nothing_before_all_schemas_are_known_and_nothing_after_it_was_closed() {
        AtomicInteger begun = new AtomicInteger();
        try (SchemaCheck lookingUp = check(RegistryAvroSerializer.class.getName(), false)) {
            lookingUp.first(); // somebody may register them yet
            lookingUp.start(begun::incrementAndGet);
            assertThat(begun).hasValue(0);
            try (SchemaCheck registering = check(RegistryAvroSerializer.class.getName(), true)) {
                registering.first();
                assertThat(registering.reasonsAgainst()).isEmpty();
            }
            await().atMost(LIMIT).untilAsserted(() -> assertThat(begun).hasValue(1));
        }
        SchemaCheck closed = check(RegistryAvroSerializer.class.getName(), true);
        closed.first();
        closed.close();
        closed.start(begun::incrementAndGet);
        assertThat(begun).hasValue(1);
    }

    @Test
    void a_registry_that_has_lost_its_data_ends_the_start_before_anything_is_registered_there() {
        try (SchemaCheck check = check(RegistryAvroSerializer.class.getName(), true)) {
            check.first();
            check.first();
        }
        assertThat(recorded).isNotEmpty();
        registry = "mock://" + UUID.randomUUID();

        try (SchemaCheck check = check(RegistryAvroSerializer.class.getName(), true)) {
            assertThatExceptionOfType(StartupException.class)
                    .isThrownBy(check::first)
                    .withMessageContaining("schemas: id ")
                    .withMessageContaining("the registry has lost its data");
        }
        assertThat(recorded.keySet())
                .allSatisfy(id -> assertThatExceptionOfType(RegistryRefusalException.class)
                        .isThrownBy(
                                () -> MockSchemaRegistryClient.forScope(scope()).schemaById(id)));
    }

    @Test
    void an_id_that_has_another_schema_ends_the_start() {
        try (SchemaCheck check = check(RegistryAvroSerializer.class.getName(), true)) {
            check.first();
        }
        recorded.replaceAll((id, fingerprint) -> "another");

        try (SchemaCheck check = check(RegistryAvroSerializer.class.getName(), true)) {
            assertThatExceptionOfType(StartupException.class).isThrownBy(check::first);
        }
    }

    @Test
    void a_refused_schema_ends_the_start_with_the_reason() {
        MockSchemaRegistryClient.forScope(registry.substring("mock://".length()))
                .register("accounts.events-annals.accounts.MoneyDeposited", new Schema.Parser().parse("""
                        {"type": "record", "name": "MoneyDeposited", "namespace": "annals.accounts",
                         "fields": [{"name": "amount", "type": "boolean"}]}"""));
        try (SchemaCheck check = check(RegistryAvroSerializer.class.getName(), true)) {
            assertThatExceptionOfType(StartupException.class)
                    .isThrownBy(check::first)
                    .withMessageContaining("accounts.events-annals.accounts.MoneyDeposited")
                    .withMessageContaining("409");
        }
    }

    @Test
    void a_latest_schema_that_cannot_say_what_is_decided_ends_the_start_with_the_field() {
        MockSchemaRegistryClient client = MockSchemaRegistryClient.forScope(registry.substring("mock://".length()));
        var binding = AggregateBinding.of(new AccountsDomain().aggregate());
        binding.commandSchemas().forEach(schema -> client.register(subject("commands", schema), schema));
        binding.eventSchemas().forEach(schema -> client.register(subject("events", schema), schema));
        client.register("accounts.results-annals.CommandResult", CommandResult.SCHEMA);
        Schema deposited =
                client.latest("accounts.events-annals.accounts.MoneyDeposited").schema();
        client.register(
                "accounts.events-annals.accounts.MoneyDeposited",
                new Schema.Parser().parse(deposited.toString().replace("\"scale\":4", "\"scale\":2")));
        try (SchemaCheck check =
                check(RegistryAvroSerializer.class.getName(), false, Map.of("use.latest.version", true))) {
            assertThatExceptionOfType(StartupException.class)
                    .isThrownBy(check::first)
                    .withMessageContaining("MoneyDeposited.amount: expected bytes decimal(18,2)");
        }
    }

    private static String subject(String topic, Schema schema) {
        return "accounts." + topic + "-" + schema.getFullName();
    }

    @Test
    void says_what_an_unexpected_exception_is() {
        try (SchemaCheck check = check(Broken.class.getName(), true)) {
            check.start(() -> {});

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
