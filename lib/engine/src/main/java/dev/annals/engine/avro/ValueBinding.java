package dev.annals.engine.avro;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** How values of one Java type pass to and from the raw Avro values of one schema. Implementations are thread-safe. */
interface ValueBinding {

    @Nullable
    Object toAvro(@Nullable Object value);

    @Nullable
    Object fromAvro(@Nullable Object value);

    /**
     * @param path of the value, for messages: {@code PlaceOrder.lines}
     * @throws BindingException if the type does not fit the schema
     */
    static ValueBinding of(String path, Type type, Schema schema) {
        if (schema.getType() == Schema.Type.UNION) {
            return nullable(path, type, schema);
        }
        if (type instanceof WildcardType wildcard) {
            return of(path, wildcard.getUpperBounds()[0], schema);
        }
        if (type instanceof ParameterizedType generic) {
            return container(path, generic, schema);
        }
        return scalar(path, (Class<?>) type, schema);
    }

    private static ValueBinding nullable(String path, Type type, Schema union) {
        List<Schema> others = union.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
        if (others.size() != 1 || union.getTypes().size() != 2) {
            throw new BindingException("%s: of unions only [null, T] can be bound, got %s".formatted(path, union));
        }
        if (type instanceof Class<?> c && c.isPrimitive()) {
            throw new BindingException("%s: the schema allows null, %s doesn't".formatted(path, c));
        }
        return new NullOr(of(path, type, others.getFirst()));
    }

    private static ValueBinding container(String path, ParameterizedType type, Schema schema) {
        Type[] arguments = type.getActualTypeArguments();
        if (type.getRawType() == List.class && schema.getType() == Schema.Type.ARRAY) {
            return list(path, of(path + "[]", arguments[0], schema.getElementType()), schema);
        }
        if (type.getRawType() == Map.class && arguments[0] == String.class && schema.getType() == Schema.Type.MAP) {
            ValueBinding element = of(path + "{}", arguments[1], schema.getValueType());
            return new Required(
                    path,
                    value -> map(value, element::toAvro),
                    value -> Collections.unmodifiableMap(map(value, element::fromAvro)));
        }
        throw mismatch(path, type, schema);
    }

    private static ValueBinding list(String path, ValueBinding element, Schema schema) {
        return new Required(
                path,
                value -> {
                    List<?> values = (List<?>) value;
                    var avro = new GenericData.Array<@Nullable Object>(values.size(), schema);
                    for (Object each : values) {
                        avro.add(element.toAvro(each));
                    }
                    return avro;
                },
                value -> {
                    List<?> avro = (List<?>) value;
                    List<@Nullable Object> values = new ArrayList<>(avro.size());
                    for (Object each : avro) {
                        values.add(element.fromAvro(each));
                    }
                    return Collections.unmodifiableList(values);
                });
    }

    /** Keeps the order of the entries, so that equal states have equal bytes. */
    private static Map<String, @Nullable Object> map(Object value, Function<@Nullable Object, @Nullable Object> each) {
        Map<?, ?> from = (Map<?, ?>) value;
        Map<String, @Nullable Object> to = LinkedHashMap.newLinkedHashMap(from.size());
        from.forEach((key, element) -> to.put(String.valueOf(key), each.apply(element)));
        return to;
    }

    private static ValueBinding scalar(String path, Class<?> type, Schema schema) {
        LogicalType logical = schema.getLogicalType();
        return switch (schema.getType()) {
            case STRING -> {
                if (type == String.class) {
                    yield new Required(path, Object::toString, Object::toString);
                }
                if (type == UUID.class) {
                    yield new Required(path, Object::toString, value -> uuid(path, value));
                }
                throw mismatch(path, type, schema);
            }
            case BYTES -> {
                if (type == BigDecimal.class && logical instanceof LogicalTypes.Decimal digits) {
                    Decimal decimal = new Decimal(path, digits.getPrecision(), digits.getScale());
                    yield new Required(path, decimal::toAvro, decimal::fromAvro);
                }
                throw mismatch(path, type, schema);
            }
            case INT -> {
                if (type == LocalDate.class && logical instanceof LogicalTypes.Date) {
                    yield new Required(
                            path,
                            value -> Math.toIntExact(((LocalDate) value).toEpochDay()),
                            value -> LocalDate.ofEpochDay((Integer) value));
                }
                yield plain(path, type, schema, int.class, Integer.class);
            }
            case LONG -> {
                if (type == Instant.class && logical instanceof LogicalTypes.TimestampMicros) {
                    yield new Required(
                            path,
                            value -> ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) value),
                            value -> Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS));
                }
                if (type == Instant.class && logical instanceof LogicalTypes.TimestampMillis) {
                    // As the readers of rows expect them: finer digits are cut off, towards the past.
                    yield new Required(
                            path,
                            value -> ((Instant) value).toEpochMilli(),
                            value -> Instant.ofEpochMilli((Long) value));
                }
                yield plain(path, type, schema, long.class, Long.class);
            }
            case DOUBLE -> plain(path, type, schema, double.class, Double.class);
            case FLOAT -> plain(path, type, schema, float.class, Float.class);
            case BOOLEAN -> plain(path, type, schema, boolean.class, Boolean.class);
            case ENUM -> {
                if (type.isEnum()) {
                    yield symbol(path, type, schema);
                }
                throw mismatch(path, type, schema);
            }
            case RECORD -> {
                if (type.isRecord()) {
                    yield nested(path, RecordBinding.of(type.asSubclass(Record.class), schema));
                }
                throw mismatch(path, type, schema);
            }
            default -> throw mismatch(path, type, schema);
        };
    }

    private static ValueBinding plain(String path, Class<?> type, Schema schema, Class<?> primitive, Class<?> boxed) {
        if (type != primitive && type != boxed) {
            throw mismatch(path, type, schema);
        }
        return new Required(path, value -> value, value -> value);
    }

    private static UUID uuid(String path, Object value) {
        try {
            return UUID.fromString(value.toString());
        } catch (IllegalArgumentException e) {
            throw new BindingException("%s: expected a UUID, got '%s'".formatted(path, value), e);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an enum class is only known at run time
    private static ValueBinding symbol(String path, Class<?> type, Schema schema) {
        Map<Object, Object> symbols = new EnumMap(type);
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            String name = ((Enum<?>) constant).name();
            if (!schema.hasEnumSymbol(name)) {
                throw new BindingException("%s: the enum %s has no symbol %s".formatted(path, schema.getName(), name));
            }
            symbols.put(constant, new GenericData.EnumSymbol(schema, name));
            constants.put(name, constant);
        }
        return new Required(path, symbols::get, value -> {
            Object constant = constants.get(value.toString());
            if (constant == null) {
                throw new BindingException("%s: expected one of %s, got %s".formatted(path, constants.keySet(), value));
            }
            return constant;
        });
    }

    private static <T extends Record> ValueBinding nested(String path, RecordBinding<T> binding) {
        return new Required(
                path,
                value -> binding.toAvro(binding.type().cast(value)),
                value -> binding.fromAvro((IndexedRecord) value));
    }

    private static BindingException mismatch(String path, Type type, Schema schema) {
        return new BindingException("%s: %s can't be bound to %s%s"
                .formatted(
                        path,
                        type.getTypeName(),
                        schema.getType(),
                        schema.getLogicalType() == null
                                ? ""
                                : " (" + schema.getLogicalType().getName() + ")"));
    }

    /** Refuses null with the path; the two ways can rely on a value. */
    record Required(String path, Function<Object, @Nullable Object> to, Function<Object, @Nullable Object> from)
            implements ValueBinding {
        @Override
        public @Nullable Object toAvro(@Nullable Object value) {
            try {
                return to.apply(require(value));
            } catch (ArithmeticException e) {
                String kind = value instanceof LocalDate ? "date" : "time";
                throw new BindingException("%s: the %s %s is out of Avro's range".formatted(path, kind, value), e);
            }
        }

        @Override
        public @Nullable Object fromAvro(@Nullable Object value) {
            return from.apply(require(value));
        }

        private Object require(@Nullable Object value) {
            if (value == null) {
                throw new BindingException(path + ": a value is required, got null");
            }
            return value;
        }
    }

    record NullOr(ValueBinding inner) implements ValueBinding {
        @Override
        public @Nullable Object toAvro(@Nullable Object value) {
            return value == null ? null : inner.toAvro(value);
        }

        @Override
        public @Nullable Object fromAvro(@Nullable Object value) {
            return value == null ? null : inner.fromAvro(value);
        }
    }

    /**
     * Big-endian two's complement of the unscaled value, as Avro's decimal. Zeros may be added, digits never dropped.
     */
    record Decimal(String path, int precision, int scale) {

        private static final int MIN_MAX_BYTES = 32;

        Object toAvro(Object value) {
            return ByteBuffer.wrap(scaled((BigDecimal) value).unscaledValue().toByteArray());
        }

        private BigDecimal scaled(BigDecimal value) {
            BigDecimal scaled;
            try {
                scaled = value.setScale(scale);
            } catch (ArithmeticException e) {
                throw new BindingException(
                        "%s: expected at most %d decimals, got %s".formatted(path, scale, value.toPlainString()), e);
            }
            if (scaled.precision() > precision) {
                throw new BindingException(
                        "%s: expected at most %d digits, got %s".formatted(path, precision, value.toPlainString()));
            }
            return scaled;
        }

        Object fromAvro(Object value) {
            if (!(value instanceof ByteBuffer buffer)) {
                throw new BindingException("%s: expected the bytes of a decimal, got %s".formatted(path, value));
            }
            int length = buffer.remaining();
            if (length == 0 || length > maxBytes()) {
                throw new BindingException(
                        "%s: expected a decimal of 1 to %d bytes, got %d".formatted(path, maxBytes(), length));
            }
            BigDecimal decimal = length <= Long.BYTES ? small(buffer) : large(buffer);
            if (decimal.precision() > precision) {
                throw new BindingException(
                        "%s: expected at most %d digits, got %s".formatted(path, precision, decimal.toPlainString()));
            }
            return decimal;
        }

        /** Nearly all amounts of money; without copies of their bytes. */
        private BigDecimal small(ByteBuffer buffer) {
            long unscaled = buffer.get(buffer.position()); // with its sign
            for (int i = buffer.position() + 1; i < buffer.limit(); i++) {
                unscaled = unscaled << Byte.SIZE | Byte.toUnsignedLong(buffer.get(i));
            }
            return BigDecimal.valueOf(unscaled, scale);
        }

        private BigDecimal large(ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return new BigDecimal(new BigInteger(bytes), scale);
        }

        /** Generous, since a writer may pad; a bound, since a number's text costs the square of its length. */
        private int maxBytes() {
            return Math.max(MIN_MAX_BYTES, precision);
        }
    }
}
