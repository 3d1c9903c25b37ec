package dev.annals.engine.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * The headers of commands, events, results, rows and dead letters: CloudEvents 1.0 in Kafka's binary mode, W3C trace
 * context, and our own for dead letters. Values are UTF-8 text.
 */
public enum HeaderName {
    /** The media type of the value, which CloudEvents calls {@code datacontenttype}. */
    CONTENT_TYPE("content-type"),
    SPEC_VERSION("ce_specversion"),
    /**
     * Of a command: the idempotency key. Of an event: {@code <type>/<aggregate id>/<version>}. Of others, see their
     * writers.
     */
    ID("ce_id"),
    /** Full name of the Avro record. */
    TYPE("ce_type"),
    SOURCE("ce_source"),
    /** Of an event or result: the aggregate id. Of a row: its key. */
    SUBJECT("ce_subject"),
    /** RFC 3339, UTC. */
    TIME("ce_time"),
    /** When an operator had something written whose {@link #TIME} is another, RFC 3339; the extension of this name. */
    RECORDED_TIME("ce_recordedtime"),
    /**
     * On events: the version with leading zeros ({@link EventKey#digits}), since the extension {@code sequence}
     * compares as text.
     */
    SEQUENCE("ce_sequence"),
    /** The id of the command that caused an event. */
    CAUSATION_ID("ce_causationid"),
    CORRELATION_ID("ce_correlationid"),
    /**
     * What kind of principal asked: {@code app_user}, {@code service_account}, …; with {@link #AUTH_ID} the extension
     * {@code authcontext}.
     */
    AUTH_TYPE("ce_authtype"),
    /** Who asked. */
    AUTH_ID("ce_authid"),
    /** On commands, decimal: the version that the aggregate must have; 0: it must not exist. */
    EXPECTED_VERSION("ce_expectedversion"),
    TRACE_PARENT("traceparent"),
    /** On commands of who may send them to their own alone: see {@code dev.annals.engine.deciding.Restriction}. */
    ONLY_WHERE("annals_only_where"),

    /**
     * On commands that a process sent, and on the events of these: how many processes stand between them and whoever
     * began, decimal.
     */
    HOPS("annals_hops"),
    /** Inside a process: what a record is to the instance, see {@code dev.annals.engine.reacting}. */
    INPUT("annals_input"),

    /**
     * On tombstones of events that left by the age of their type: the version of the summary that stands for them,
     * decimal.
     */
    EXPIRED("annals_expired"),

    /** On what an operator wrote: why, in his words. */
    REASON("annals_reason"),

    /** On dead letters: a word for machines. */
    DEAD_LETTER_REASON("annals_dead_letter_reason"),
    /** On dead letters: what went wrong, for people. */
    DEAD_LETTER_MESSAGE("annals_dead_letter_message"),
    /** On dead letters: where the record stood. */
    DEAD_LETTER_TOPIC("annals_dead_letter_topic"),
    DEAD_LETTER_PARTITION("annals_dead_letter_partition"),
    DEAD_LETTER_OFFSET("annals_dead_letter_offset"),
    /** On dead letters of several records that nobody can read: where the last of them stood. */
    DEAD_LETTER_LAST_OFFSET("annals_dead_letter_last_offset"),
    /** On dead letters that are not as received, decimal: how many bytes of key, value and headers were left out. */
    DEAD_LETTER_LEFT_OUT("annals_dead_letter_left_out");

    /** All headers that make a record a dead letter start like this, and no others. */
    public static final String DEAD_LETTER_PREFIX = "annals_dead_letter_";

    public static final String CLOUD_EVENTS_VERSION = "1.0";

    /** What the extension {@code authcontext} says where the type of a principal can't be determined. */
    public static final String UNKNOWN_PRINCIPAL = "unknown";

    private final String key;

    HeaderName(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }

    /** Says which operator wrote a record, as he says himself: the extension wants a type wherever there is an id. */
    public static void putOperator(Headers headers, String actor) {
        AUTH_TYPE.put(headers, UNKNOWN_PRINCIPAL);
        AUTH_ID.put(headers, actor);
    }

    /** The last header of this name, or null. */
    public @Nullable String in(Headers headers) {
        Header header = headers.lastHeader(key);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** Adds the header; a null value adds none. */
    public void put(Headers headers, @Nullable String value) {
        if (value != null) {
            headers.add(header(value));
        }
    }

    /** The header by itself: one that many records have is encoded once, and added to each. */
    Header header(String value) {
        return new RecordHeader(key, value.getBytes(StandardCharsets.UTF_8));
    }
}
