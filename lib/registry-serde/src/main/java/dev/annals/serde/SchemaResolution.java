package dev.annals.serde;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Resolver;
import org.apache.avro.Resolver.Action;
import org.apache.avro.Resolver.Container;
import org.apache.avro.Resolver.EnumAdjust;
import org.apache.avro.Resolver.ErrorAction;
import org.apache.avro.Resolver.ReaderUnion;
import org.apache.avro.Resolver.RecordAdjust;
import org.apache.avro.Resolver.Skip;
import org.apache.avro.Resolver.WriterUnion;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Schema resolution that keeps what a value means: Avro's own rules (aliases, defaults, promotions, unions) as
 * {@link Resolver} finds them, and logical types compared and converted, which Avro and every registry leave out.
 *
 * <p>Without it, 7.25 of a writer's {@code decimal(18,2)} is 0.0725 to a reader of {@code decimal(18,4)}, and a
 * writer's {@code timestamp-millis} lies in January 1970 for a reader of micros. Here a value is converted exactly
 * (scales, units of time, representations of UUIDs) or refused: where digits would be lost, and where the two schemas
 * mean different things (a plain number for a time, a text for an amount).
 *
 * <p>Works on values as a generic reader with the writer's schema gives them; logical types are their raw values.
 * Immutable and thread-safe; made once for two schemas.
 */
public final class SchemaResolution {

    private static final GenericData GENERIC = GenericStrings.MODEL;

    /** What is done to one value; null stays null. */
    interface Step {
        @Nullable
        Object apply(@Nullable Object value);
    }

    private final Step root;
    private final boolean convertsMeaning;
    private final boolean keepsBytes;

    private SchemaResolution(Step root, boolean convertsMeaning, boolean sameForm) {
        this.root = root;
        this.convertsMeaning = convertsMeaning;
        this.keepsBytes = sameForm && !convertsMeaning;
    }

    /**
     * The way from one schema to the other. What can never be resolved is refused when a value comes: a branch of a
     * union may never be used.
     */
    public static SchemaResolution of(Schema writer, Schema reader) {
        Plan plan = new Plan();
        Step root = plan.step(reader.getName(), writer, Resolver.resolve(writer, reader, GENERIC));
        boolean sameForm = SchemaNormalization.toParsingForm(writer).equals(SchemaNormalization.toParsingForm(reader));
        return new SchemaResolution(root, plan.convertsMeaning, sameForm);
    }

    /**
     * The value in the reader's schema.
     *
     * @param value of the writer's schema; not changed
     * @throws AvroTypeException if there is no exact one; names the field, what the reader expected and what the writer
     *     has
     */
    public @Nullable Object resolve(@Nullable Object value) {
        return root.apply(value);
    }

    /** Whether the two schemas differ in a logical type somewhere: equal bytes then mean different values. */
    public boolean convertsMeaning() {
        return convertsMeaning;
    }

    /** Whether a value's bytes are the same in both schemas: it needs no resolution. */
    public boolean keepsBytes() {
        return keepsBytes;
    }

    /** Compiles Avro's tree of actions. The writer's schema goes along, since the tree has its aliases applied. */
    private static final class Plan {

        private final IdentityHashMap<Action, RecordStep> records = new IdentityHashMap<>();
        private boolean convertsMeaning;

        Step step(String path, Schema writer, Action action) {
            return switch (action) {
                case RecordAdjust adjust -> record(path, writer, adjust);
                case Container container -> container(path, writer, container);
                case EnumAdjust adjust -> symbol(path, adjust);
                case WriterUnion union -> writerUnion(path, writer, union);
                case ReaderUnion union -> step(path, writer, union.actualAction);
                case ErrorAction error -> unresolved(path, writer, error);
                default -> scalar(path, writer, action.reader);
            };
        }

        private Step record(String path, Schema writer, RecordAdjust adjust) {
            RecordStep known = records.get(adjust);
            if (known != null) {
                return known; // A schema may contain itself.
            }
            RecordStep record = new RecordStep(adjust.reader);
            records.put(adjust, record);
            int read = 0;
            for (int i = 0; i < adjust.fieldActions.length; i++) {
                Action action = adjust.fieldActions[i];
                if (!(action instanceof Skip)) {
                    Schema.Field to = adjust.readerOrder[read++];
                    Schema from = writer.getFields().get(i).schema();
                    record.moves.add(new Move(i, to.pos(), step(path + "." + to.name(), from, action)));
                }
            }
            for (int i = adjust.firstDefault; i < adjust.readerOrder.length; i++) {
                Schema.Field field = adjust.readerOrder[i];
                record.defaults.add(new Default(field, adjust.defaults[i - adjust.firstDefault]));
            }
            return record;
        }

        private Step container(String path, Schema writer, Container container) {
            return switch (container.reader.getType()) {
                case ARRAY ->
                    list(container.reader, step(path + "[]", writer.getElementType(), container.elementAction));
                default -> map(step(path + "{}", writer.getValueType(), container.elementAction));
            };
        }

        private Step writerUnion(String path, Schema writer, WriterUnion union) {
            Step[] branches = new Step[union.actions.length];
            for (int i = 0; i < branches.length; i++) {
                branches[i] = step(path, writer.getTypes().get(i), union.actions[i]);
            }
            return value -> branches[GENERIC.resolveUnion(writer, value)].apply(value);
        }

        /**
         * What Avro can't resolve may still be the same thing in another representation: a decimal as bytes and as
         * fixed.
         */
        private Step unresolved(String path, Schema writer, ErrorAction error) {
            Schema reader = error.reader;
            List<Schema> candidates = reader.getType() == Schema.Type.UNION ? reader.getTypes() : List.of(reader);
            for (Schema candidate : candidates) {
                Step conversion = LogicalConversion.between(path, writer, candidate);
                if (conversion != null) {
                    convertsMeaning = true;
                    return conversion;
                }
            }
            return switch (error.error) {
                case MISSING_REQUIRED_FIELD -> refusal("%s: %s".formatted(path, error));
                default -> mismatch(path, writer, reader);
            };
        }

        private Step scalar(String path, Schema writer, Schema reader) {
            if (LogicalConversion.meansTheSame(writer, reader)) {
                return Promotion.between(path, writer.getType(), reader.getType());
            }
            convertsMeaning = true;
            Step conversion = LogicalConversion.between(path, writer, reader);
            return conversion == null ? mismatch(path, writer, reader) : conversion;
        }

        private static Step mismatch(String path, Schema writer, Schema reader) {
            return refusal("%s: expected %s, but the writer's schema has %s"
                    .formatted(path, LogicalConversion.describe(reader), LogicalConversion.describe(writer)));
        }

        private static Step refusal(String message) {
            return value -> {
                throw new AvroTypeException(message);
            };
        }
    }

    private record Move(int from, int to, Step step) {}

    private record Default(Schema.Field field, @Nullable Object value) {
        /** A copy, since a value may be changed by who gets it. */
        @Nullable
        Object make() {
            return value == null ? null : GENERIC.deepCopy(field.schema(), value);
        }
    }

    private static final class RecordStep implements Step {

        private final Schema reader;
        private final List<Move> moves = new ArrayList<>();
        private final List<Default> defaults = new ArrayList<>();

        RecordStep(Schema reader) {
            this.reader = reader;
        }

        @Override
        public Object apply(@Nullable Object value) {
            IndexedRecord from = (IndexedRecord) required(value);
            GenericData.Record to = new GenericData.Record(reader);
            for (Move move : moves) {
                to.put(move.to(), move.step().apply(from.get(move.from())));
            }
            for (Default each : defaults) {
                to.put(each.field().pos(), each.make());
            }
            return to;
        }
    }

    private static Step list(Schema reader, Step element) {
        return value -> {
            List<?> from = (List<?>) required(value);
            var to = new GenericData.Array<@Nullable Object>(from.size(), reader);
            from.forEach(each -> to.add(element.apply(each)));
            return to;
        };
    }

    private static Step map(Step element) {
        return value -> {
            Map<?, ?> from = (Map<?, ?>) required(value);
            Map<String, @Nullable Object> to = LinkedHashMap.newLinkedHashMap(from.size());
            from.forEach((key, each) -> to.put(String.valueOf(key), element.apply(each)));
            return to;
        };
    }

    private static Step symbol(String path, EnumAdjust adjust) {
        return value -> {
            String symbol = required(value).toString();
            Object adjusted = adjust.values[adjust.writer.getEnumOrdinal(symbol)];
            if (adjusted == null) {
                throw new AvroTypeException(
                        "%s: expected one of %s, got %s".formatted(path, adjust.reader.getEnumSymbols(), symbol));
            }
            return adjusted;
        };
    }

    static Object required(@Nullable Object value) {
        if (value == null) {
            throw new AvroTypeException("a value is required, got null");
        }
        return value;
    }
}
