package dev.annals.serde.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class MockSchemaRegistryClientTest {

    private static final Schema ONE =
            SchemaBuilder.record("a.Thing").fields().requiredString("name").endRecord();
    private static final Schema WITH_DEFAULT = SchemaBuilder.record("a.Thing")
            .fields()
            .requiredString("name")
            .name("size")
            .type()
            .intType()
            .intDefault(0)
            .endRecord();
    private static final Schema WITHOUT_DEFAULT = SchemaBuilder.record("a.Thing")
            .fields()
            .requiredString("name")
            .requiredInt("size")
            .endRecord();

    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();

    @Test
    void a_schema_has_one_id_in_all_subjects_and_a_version_in_each() {
        registry.register("t", WITH_DEFAULT);
        int id = registry.register("s", ONE);
        registry.register("s", WITH_DEFAULT);

        assertThat(registry.register("t", ONE)).isEqualTo(id);
        assertThat(registry.register("s", ONE)).isEqualTo(id);
        assertThat(registry.versions("s")).containsExactly(1, 2);
        assertThat(registry.lookup("t", ONE)).isEqualTo(new RegisteredSchema("t", 2, id, ONE));
        assertThat(registry.latest("s").schema()).isEqualTo(WITH_DEFAULT);
    }

    @Test
    void a_new_version_must_read_what_the_latest_wrote() {
        registry.register("s", ONE);

        assertCode(409, () -> registry.register("s", WITHOUT_DEFAULT));
        assertThat(registry.register("s", WITH_DEFAULT)).isPositive();
        registry.acceptAnything();
        assertThat(registry.register("s", WITHOUT_DEFAULT)).isPositive();
    }

    @Test
    void what_is_not_there_is_refused_as_a_registry_does() {
        registry.register("s", ONE);

        assertCode(40401, () -> registry.latest("unknown"));
        assertCode(40403, () -> registry.schemaById(2));
        assertCode(40403, () -> registry.lookup("s", WITH_DEFAULT));
    }

    private static void assertCode(int code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        RegistryRefusalException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(code));
    }
}
