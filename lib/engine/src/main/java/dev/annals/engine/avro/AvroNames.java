package dev.annals.engine.avro;

import dev.annals.api.AggregateType;

/**
 * Full Avro names of what leaves a domain: {@code <namespace>.<type>.<Record>} of commands, events and what they hold,
 * and {@code <namespace>.views.<Row>} of rows. Event types ({@code ce_type}) and subjects are made of them.
 */
public final class AvroNames {

    /** The field of every row that holds its key. */
    public static final String ROW_ID = "id";

    /** The field of every row that holds the version to which it was folded. */
    public static final String ROW_VERSION = "version";

    /** Of records that stay inside a service. */
    static final String INTERNAL = "annals.internal";

    private AvroNames() {}

    /** The name of a command or event, or of a record or enum in one. */
    public static String ofMessage(AggregateType<?, ?, ?> type, String simpleName) {
        return ofMessage(type.namespace(), type.name(), simpleName);
    }

    /** Likewise, of a type that is known by its name. */
    public static String ofMessage(String namespace, String type, String simpleName) {
        return messages(namespace, type) + "." + simpleName;
    }

    /** The name of a row of a view that the type's domain lists. */
    public static String ofRow(AggregateType<?, ?, ?> type, Class<? extends Record> row) {
        return rows(type.namespace()) + "." + row.getSimpleName();
    }

    /** The namespace of what a process writes, of a domain with this namespace. */
    public static String ofProcess(String namespace, String process) {
        return messages(namespace + ".processes", process);
    }

    /** Avro names have no hyphens, aggregate types may. */
    static String messages(String namespace, String type) {
        return namespace + "." + type.replace('-', '_');
    }

    static String rows(String namespace) {
        return namespace + ".views";
    }
}
