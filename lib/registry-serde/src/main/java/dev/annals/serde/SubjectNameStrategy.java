package dev.annals.serde;

import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;

/** Under which subject a topic's schemas stand: Confluent's three strategies. */
enum SubjectNameStrategy {
    /** {@code <topic>-key} or {@code <topic>-value}: one record type a topic. */
    TOPIC("TopicNameStrategy"),
    /** The record's full name: a type is the same in all topics. */
    RECORD("RecordNameStrategy"),
    /** {@code <topic>-<full name>}: many record types a topic. */
    TOPIC_RECORD("TopicRecordNameStrategy");

    private final String className;

    SubjectNameStrategy(String className) {
        this.className = className;
    }

    String subject(String topic, boolean isKey, Schema schema) {
        return switch (this) {
            case TOPIC -> topic + (isKey ? "-key" : "-value");
            case RECORD -> recordName(schema);
            case TOPIC_RECORD -> topic + "-" + recordName(schema);
        };
    }

    /**
     * Takes the constant's name, or a class or class name that ends like Confluent's:
     * {@code io.confluent.kafka.serializers.subject.TopicRecordNameStrategy}.
     */
    static SubjectNameStrategy parse(String key, Object value) {
        String given = value instanceof Class<?> type ? type.getName() : value.toString();
        String simple = given.substring(given.lastIndexOf('.') + 1);
        for (SubjectNameStrategy strategy : values()) {
            if (strategy.className.equals(simple) || strategy.name().equals(simple)) {
                return strategy;
            }
        }
        throw new ConfigException(
                key, given, "expected TopicNameStrategy, RecordNameStrategy or TopicRecordNameStrategy");
    }

    private static String recordName(Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ENUM, FIXED -> schema.getFullName();
            default ->
                throw new UnwritableValueException(
                        "A value of Avro type %s has no record name for its subject; use TopicNameStrategy for it"
                                .formatted(schema.getType().getName()),
                        null);
        };
    }
}
