package dev.annals.serde;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * What a serializer or deserializer does, beside how it reaches the registry.
 *
 * @param autoRegister whether the serializer registers schemas; if not, it looks them up
 * @param useLatestVersion whether the serializer, if it doesn't register, writes with the newest version of the subject
 * @param strategy names the subject
 * @param specificReader whether the deserializer makes generated classes
 * @param mapper binds plain Java classes, if there is one
 * @param idInHeaderWritten whether the serializer names the schema in a header instead of before the value
 * @param idInHeaderRead whether the deserializer looks for the schema in a header first
 */
record SerdeConfig(
        boolean autoRegister,
        boolean useLatestVersion,
        SubjectNameStrategy strategy,
        boolean specificReader,
        @Nullable RecordMapper mapper,
        boolean idInHeaderWritten,
        boolean idInHeaderRead) {

    /** Default true. */
    public static final String AUTO_REGISTER = "auto.register.schemas";

    /** Default false; as in Confluent's serializer, without effect while {@link #AUTO_REGISTER} is true. */
    public static final String USE_LATEST_VERSION = "use.latest.version";

    /** Default {@code TopicNameStrategy}. */
    public static final String KEY_STRATEGY = "key.subject.name.strategy";

    /** Default {@code TopicNameStrategy}. */
    public static final String VALUE_STRATEGY = "value.subject.name.strategy";

    /**
     * Default false. Avro makes only classes it is told to trust: name their packages in the system property
     * {@code org.apache.avro.SERIALIZABLE_PACKAGES}.
     */
    public static final String SPECIFIC_READER = "specific.avro.reader";

    /** Class, or name of a class, that implements {@link RecordMapper}. */
    public static final String RECORD_MAPPER = "annals.serde.record.mapper";

    /**
     * {@code PrefixSchemaIdSerializer}, the default, or {@code HeaderSchemaIdSerializer}; needs a registry that knows
     * GUIDs.
     */
    public static final String VALUE_SCHEMA_ID_SERIALIZER = "value.schema.id.serializer";

    public static final String KEY_SCHEMA_ID_SERIALIZER = "key.schema.id.serializer";

    /**
     * {@code DualSchemaIdDeserializer}, the default, looks at headers and values, {@code PrefixSchemaIdDeserializer} at
     * values alone.
     */
    public static final String VALUE_SCHEMA_ID_DESERIALIZER = "value.schema.id.deserializer";

    public static final String KEY_SCHEMA_ID_DESERIALIZER = "key.schema.id.deserializer";

    static SerdeConfig defaults(@Nullable RecordMapper mapper) {
        return new SerdeConfig(true, false, SubjectNameStrategy.TOPIC, false, mapper, false, true);
    }

    static SerdeConfig from(Map<String, ?> configs, boolean isKey, @Nullable RecordMapper given) {
        String strategyKey = isKey ? KEY_STRATEGY : VALUE_STRATEGY;
        Object strategy = configs.get(strategyKey);
        return new SerdeConfig(
                flag(configs, AUTO_REGISTER, true),
                flag(configs, USE_LATEST_VERSION, false),
                strategy == null ? SubjectNameStrategy.TOPIC : SubjectNameStrategy.parse(strategyKey, strategy),
                flag(configs, SPECIFIC_READER, false),
                given != null ? given : mapper(configs),
                isOther(
                        configs,
                        isKey ? KEY_SCHEMA_ID_SERIALIZER : VALUE_SCHEMA_ID_SERIALIZER,
                        "PrefixSchemaIdSerializer",
                        "HeaderSchemaIdSerializer"),
                !isOther(
                        configs,
                        isKey ? KEY_SCHEMA_ID_DESERIALIZER : VALUE_SCHEMA_ID_DESERIALIZER,
                        "DualSchemaIdDeserializer",
                        "PrefixSchemaIdDeserializer"));
    }

    /** Whether a class is configured that is named like the second of two of Confluent's; the first is the default. */
    private static boolean isOther(Map<String, ?> configs, String key, String usual, String other) {
        Object value = configs.get(key);
        if (value == null) {
            return false;
        }
        String name = value instanceof Class<?> type ? type.getName() : value.toString();
        String simple = name.substring(name.lastIndexOf('.') + 1);
        if (!simple.equals(usual) && !simple.equals(other)) {
            throw new ConfigException(key, name, "expected %s or %s".formatted(usual, other));
        }
        return simple.equals(other);
    }

    private static boolean flag(Map<String, ?> configs, String key, boolean otherwise) {
        Object value = configs.get(key);
        return value == null ? otherwise : Boolean.TRUE.equals(ConfigDef.parseType(key, value, ConfigDef.Type.BOOLEAN));
    }

    private static @Nullable RecordMapper mapper(Map<String, ?> configs) {
        Object value = configs.get(RECORD_MAPPER);
        if (value == null) {
            return null;
        }
        if (!(ConfigDef.parseType(RECORD_MAPPER, value, ConfigDef.Type.CLASS) instanceof Class<?> type)) {
            throw new ConfigException(RECORD_MAPPER, value, "expected the name of a class");
        }
        try {
            RecordMapper mapper =
                    type.asSubclass(RecordMapper.class).getDeclaredConstructor().newInstance();
            mapper.configure(configs);
            return mapper;
        } catch (ClassCastException e) {
            throw new ConfigException(
                    RECORD_MAPPER, type.getName(), "it does not implement " + RecordMapper.class.getName());
        } catch (InvocationTargetException e) {
            throw new ConfigException(RECORD_MAPPER, type.getName(), "its constructor failed: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new ConfigException(
                    RECORD_MAPPER, type.getName(), "it needs a public constructor without parameters");
        }
    }
}
