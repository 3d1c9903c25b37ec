package dev.annals.engine.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.api.AggregateType;
import dev.annals.api.AggregateView;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Doc;
import dev.annals.api.Domain;
import dev.annals.api.RecordedEvent;
import dev.annals.api.Upcaster;
import dev.annals.api.View;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DerivedSchemaTest {

    record Line(int quantity) {}

    record Twice(Line first, List<Line> more) {}

    record Odd(Optional<String> maybe) {}

    record OddKey(Map<Integer, String> byNumber) {}

    record Precise(BigDecimal amount) {}

    static final class Other {
        record Line(String text) {}

        enum Precise {
            YES
        }
    }

    record Clash(Line line, Other.Line other) {}

    record EnumClash(Precise precise, Other.Precise other) {}

    @Test
    void a_class_may_stand_at_several_places() {
        RecordBinding<Twice> binding = RecordBinding.of(Twice.class, DerivedSchema.of(Twice.class));
        SingleObjectCodec codec = new SingleObjectCodec(binding.schema());
        Twice value = new Twice(new Line(1), List.of(new Line(2)));

        assertThat(binding.fromAvro(codec.decode(codec.encode(binding.toAvro(value)))))
                .isEqualTo(value);
    }

    @Test
    void a_type_without_a_schema_names_its_component() {
        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DerivedSchema.of(Odd.class))
                .withMessageContaining("Odd.maybe");
        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DerivedSchema.of(OddKey.class))
                .withMessageContaining("OddKey.byNumber");
    }

    @Test
    void two_classes_of_one_simple_name_are_refused() {
        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DerivedSchema.of(Clash.class))
                .withMessageContaining("Other$Line");
        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DerivedSchema.of(EnumClash.class))
                .withMessageContaining("Other$Precise");
    }

    private static Schema schema(String json) {
        return new Schema.Parser().parse(json);
    }

    @Test
    void messages_and_rows_are_derived_with_docs_and_names_of_the_domains_own() {
        SortedMap<String, Schema> schemas = DerivedSchema.ofDomain(new Published());

        assertThat(schemas)
                .containsOnlyKeys(
                        "org.example.tool_sheds.Borrow",
                        "org.example.tool_sheds.Borrowed",
                        "org.example.tool_sheds.Kind",
                        "org.example.tool_sheds.Lent",
                        "org.example.tool_sheds.Tool",
                        "org.example.views.Shelf",
                        "org.example.views.ToolRow");
        assertThat(schemas.get("org.example.tool_sheds.Borrow")).isEqualTo(schema("""
                {"type": "record", "name": "Borrow", "namespace": "org.example.tool_sheds", "fields": [
                  {"name": "tools", "type": {"type": "array", "items":
                    {"type": "record", "name": "Tool", "fields": [
                      {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
                      {"name": "price", "type":
                        {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 4}}]}}},
                  {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}],
                    "default": null},
                  {"name": "notes", "type": {"type": "map", "values": "string"}}]}"""));
        assertThat(schemas.get("org.example.views.ToolRow")).isEqualTo(schema("""
                {"type": "record", "name": "ToolRow", "namespace": "org.example.views", "fields": [
                  {"name": "id", "type": "string"},
                  {"name": "version", "type": "long"},
                  {"name": "kind", "type": {"type": "enum", "name": "Kind", "namespace": "org.example.tool_sheds",
                    "symbols": ["SAW", "AXE"]}},
                  {"name": "since", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "shelf", "type": ["null", {"type": "record", "name": "Shelf", "fields": [
                    {"name": "filled", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}],
                    "default": null}]}"""));
    }

    @Test
    void docs_come_from_the_annotation() {
        SortedMap<String, Schema> schemas = DerivedSchema.ofDomain(new Published());

        assertThat(schemas.get("org.example.tool_sheds.Borrow").getDoc()).isEqualTo("Command: borrow tools.");
        assertThat(schemas.get("org.example.tool_sheds.Borrow")
                        .getField("tools")
                        .doc())
                .isEqualTo("Which.");
        assertThat(schemas.get("org.example.tool_sheds.Kind").getDoc()).isEqualTo("What it is for.");
        assertThat(schemas.get("org.example.views.Shelf").getDoc()).isNull();
    }

    @Test
    void what_stays_inside_has_neither_docs_nor_namespaces_of_a_domain() {
        Schema schema = DerivedSchema.of(Published.Borrow.class);

        assertThat(schema.getFullName()).isEqualTo("annals.internal.Borrow");
        assertThat(schema.getDoc()).isNull();
        assertThat(schema.getField("tools").schema().isNullable()).isTrue();
    }

    record Versioned(String name, long version) {}

    @Test
    void a_row_has_no_field_of_ours() {
        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DerivedSchema.ofRow(Versioned.class))
                .withMessageContaining("Versioned.version");
    }

    /** Every type that can be published, each where it can stand. */
    static final class Published implements Domain {

        sealed interface Command {}

        @Doc("Command: borrow tools.")
        record Borrow(
                @Doc("Which.") List<Tool> tools, @Nullable Instant at, Map<String, ? extends String> notes)
                implements Command {}

        record Tool(UUID id, BigDecimal price) {}

        sealed interface Event {}

        record Borrowed(List<Tool> tools) implements Event {}

        /** An event of an earlier release. */
        record Lent(boolean all) {}

        record Shed() {}

        @Doc("What it is for.")
        enum Kind {
            SAW,
            AXE
        }

        record Shelf(Instant filled) {}

        record ToolRow(Kind kind, Instant since, @Nullable Shelf shelf) {}

        @Override
        public AggregateType<?, ?, ?> aggregate() {
            return AggregateType.named("tool-sheds", new Rules())
                    .namespace("org.example")
                    .commands(Command.class)
                    .events(Event.class)
                    .state(Shed.class)
                    .createdBy(Borrow.class)
                    .upcasters(Upcaster.retired(Lent.class))
                    .build();
        }

        @Override
        public List<View<?, ?>> views() {
            return List.of(new Tools());
        }

        private static final class Rules implements Decider<Command, Shed, Event> {
            @Override
            public Shed initial() {
                return new Shed();
            }

            @Override
            public Decision<Event> decide(Command command, Shed shed) {
                return Decision.accept();
            }

            @Override
            public Shed evolve(Shed shed, Event event) {
                return shed;
            }
        }

        private static final class Tools implements AggregateView<Event, ToolRow> {
            @Override
            public String name() {
                return "tools";
            }

            @Override
            public Class<ToolRow> row() {
                return ToolRow.class;
            }

            @Override
            public ToolRow apply(@Nullable ToolRow row, RecordedEvent<Event> event) {
                return new ToolRow(Kind.SAW, event.time(), null);
            }
        }
    }

    @Test
    void money_with_more_than_four_decimals_is_refused_not_rounded() {
        RecordBinding<Precise> binding = RecordBinding.of(Precise.class, DerivedSchema.of(Precise.class));

        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> binding.toAvro(new Precise(new BigDecimal("0.00001"))))
                .withMessageContaining("Precise.amount");
    }
}
