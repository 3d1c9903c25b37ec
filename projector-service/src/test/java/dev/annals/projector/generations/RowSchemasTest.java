package dev.annals.projector.generations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.serde.RegistryAvroDeserializer;
import dev.annals.serde.RegistryAvroSerializer;
import dev.annals.serde.registry.MockSchemaRegistryClient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class RowSchemasTest {

    private static final ViewId THIRD = new ViewId("orders", 3);
    private static final String SUBJECT = "shop.orders.view.3-value";
    private static final Schema ROW =
            SchemaCatalog.load("annals.views.OrderRow", RowSchemasTest.class.getClassLoader());

    private final String scope = UUID.randomUUID().toString();
    private final MockSchemaRegistryClient registry = MockSchemaRegistryClient.forScope(scope);

    private RowSchemas schemas(Object autoRegister) {
        Map<String, Object> settings = Map.of(
                "schema.registry.url",
                "mock://" + scope,
                "auto.register.schemas",
                autoRegister,
                "value.subject.name.strategy",
                "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy");
        return new RowSchemas(
                new Topics("shop."),
                new AvroSerdes(
                        RegistryAvroSerializer.class.getName(), RegistryAvroDeserializer.class.getName(), settings));
    }

    @Test
    void stand_under_the_topic_of_their_generation_alone() {
        try (RowSchemas schemas = schemas(true)) {
            assertThat(schemas.ensure(THIRD, ROW)).isTrue();
            assertThat(schemas.ensure(THIRD, ROW)).isTrue();
        }

        assertThat(registry.subjects()).containsExactly(SUBJECT);
        assertThat(registry.latest(SUBJECT).schema()).isEqualTo(ROW);
        assertThat(registry.versions(SUBJECT)).hasSize(1);
    }

    @Test
    void that_the_registry_refuses_keep_their_generation_from_beginning_and_readiness_says_why() {
        registry.register(
                SUBJECT,
                SchemaBuilder.record("annals.views.OrderRow")
                        .fields()
                        .requiredString("id")
                        .requiredInt("version")
                        .endRecord());
        try (RowSchemas schemas = schemas(true)) {
            assertThat(schemas.ensure(THIRD, ROW)).isFalse();

            assertThat(schemas.reasonsAgainst())
                    .singleElement()
                    .asString()
                    .startsWith("orders/3: waits until the schema of its rows is registered under " + SUBJECT + ": ");
            assertThat(schemas.ensure(new ViewId("orders", 4), ROW))
                    .as("of others")
                    .isTrue();
            schemas.keep(List.<Generation>of());
            assertThat(schemas.reasonsAgainst())
                    .as("of a generation that is gone")
                    .isEmpty();
        }
    }

    @Test
    void are_left_to_others_where_nothing_is_registered_automatically() {
        try (RowSchemas schemas = schemas("false")) {
            assertThat(schemas.ensure(THIRD, ROW)).isTrue();
        }

        assertThat(registry.subjects()).isEmpty();
    }
}
