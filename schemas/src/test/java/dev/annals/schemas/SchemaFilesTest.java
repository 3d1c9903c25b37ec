package dev.annals.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house rules of the contracts themselves. */
class SchemaFilesTest {

    private static final Path CURRENT = Path.of("src/main/resources");
    private static final ClassLoader LOADER = SchemaFilesTest.class.getClassLoader();

    @ParameterizedTest
    @MethodSource("files")
    void a_schema_is_found_where_its_full_name_says(String file) {
        Schema schema = SchemaCatalog.load(file, LOADER);

        assertThat(SchemaCatalog.load(schema.getFullName(), LOADER)).isEqualTo(schema);
        assertThat(SchemaResource.of(schema.getFullName())).hasToString(file);
    }

    @ParameterizedTest
    @MethodSource("files")
    void every_type_and_field_says_what_it_means(String file) {
        for (Schema type : namedTypes(SchemaCatalog.load(file, LOADER))) {
            assertThat(type.getDoc()).as("doc of %s", type.getFullName()).isNotBlank();
            if (type.getType() == Schema.Type.RECORD) {
                assertThat(type.getFields())
                        .allSatisfy(field -> assertThat(field.doc())
                                .as("doc of %s.%s", type.getFullName(), field.name())
                                .isNotBlank());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void an_optional_field_is_null_by_default(String file) {
        Schema schema = SchemaCatalog.load(file, LOADER);
        if (schema.getType() == Schema.Type.RECORD) {
            assertThat(schema.getFields())
                    .filteredOn(field -> field.schema().isNullable())
                    .allSatisfy(field -> assertThat(field.hasDefaultValue()
                                    && field.schema().getTypes().getFirst().getType() == Schema.Type.NULL)
                            .as("%s.%s", schema.getFullName(), field.name())
                            .isTrue());
        }
    }

    /** Of views: a sum of amounts that each fit must never be what a projector stops at. */
    private static final LogicalTypes.Decimal SUM_OF_MONEY = LogicalTypes.decimal(38, 4);

    private static final Set<String> MEASUREMENTS = Set.of("latitude", "longitude", "altitude", "groundSpeed");

    @ParameterizedTest
    @MethodSource("files")
    void bytes_are_money_with_four_decimals(String file) {
        for (Schema type : primitives(SchemaCatalog.load(file, LOADER))) {
            if (type.getType() == Schema.Type.BYTES) {
                assertThat(type.getLogicalType()).isIn(LogicalTypes.decimal(18, 4), SUM_OF_MONEY);
            }
        }
    }

    /** An amount is never one: it would not be what was booked. Records in records have files of their own. */
    @ParameterizedTest
    @MethodSource("files")
    void a_double_is_a_measurement(String file) {
        Schema schema = SchemaCatalog.load(file, LOADER);
        if (schema.getType() == Schema.Type.RECORD) {
            assertThat(schema.getFields())
                    .filteredOn(field -> !MEASUREMENTS.contains(field.name()))
                    .flatMap(field -> field.schema().isUnion() ? field.schema().getTypes() : List.of(field.schema()))
                    .extracting(Schema::getType)
                    .doesNotContain(Schema.Type.DOUBLE, Schema.Type.FLOAT);
        }
    }

    /** Facts are kept as fine as they come; what reads rows, Connect and ksqlDB among it, knows milliseconds. */
    @ParameterizedTest
    @MethodSource("files")
    void times_are_in_microseconds_except_in_rows(String file) {
        boolean isRow = file.startsWith("/avro/views/");
        assertThat(primitives(SchemaCatalog.load(file, LOADER)))
                .filteredOn(type -> type.getType() == Schema.Type.LONG && type.getLogicalType() != null)
                .allSatisfy(type -> assertThat(type.getLogicalType())
                        .isEqualTo(isRow ? LogicalTypes.timestampMillis() : LogicalTypes.timestampMicros()));
    }

    /** A schema that was registered before without it would not be found again. */
    @ParameterizedTest
    @MethodSource("files")
    void no_schema_names_a_java_type(String file) throws IOException {
        assertThat(Files.readString(CURRENT.resolve(file.substring(1)))).doesNotContain("java");
    }

    static List<String> files() throws IOException {
        return Releases.schemaFiles(CURRENT);
    }

    private static List<Schema> namedTypes(Schema schema) {
        return tree(schema)
                .filter(it -> it.getType() == Schema.Type.RECORD || it.getType() == Schema.Type.ENUM)
                .toList();
    }

    private static List<Schema> primitives(Schema schema) {
        return tree(schema).filter(it -> children(it).findAny().isEmpty()).toList();
    }

    private static Stream<Schema> tree(Schema schema) {
        return Stream.concat(Stream.of(schema), children(schema).flatMap(SchemaFilesTest::tree));
    }

    private static Stream<Schema> children(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> schema.getFields().stream().map(Schema.Field::schema);
            case UNION -> schema.getTypes().stream();
            case ARRAY -> Stream.of(schema.getElementType());
            case MAP -> Stream.of(schema.getValueType());
            default -> Stream.empty();
        };
    }
}
