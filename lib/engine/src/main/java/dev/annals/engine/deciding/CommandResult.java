package dev.annals.engine.deciding;

import dev.annals.engine.avro.RecordBinding;
import dev.annals.schemas.SchemaCatalog;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What became of a command; on the wire {@code annals.CommandResult}.
 *
 * @param commandId the idempotency key, null where the command had none
 * @param commandType simple name of the command's record; empty where the record could not be read, or only its events
 *     tell of it
 * @param version of the aggregate: after the command when accepted, else as it is; {@link #UNKNOWN_VERSION} where that
 *     isn't known
 * @param events what was appended, in order; empty unless accepted
 * @param code why not, for machines; null when accepted
 * @param message why not, for people; null when accepted
 * @param replayed true where the command's id was seen before: this is the first result again, and nothing was appended
 * @param time of the command
 * @param fingerprint of the command's type and payload, as text; null where this is no decision that a repeat of the id
 *     gets again: the command has no id, failed, or used another one's
 */
public record CommandResult(
        @Nullable String commandId,
        String commandType,
        String aggregateType,
        String aggregateId,
        Outcome outcome,
        long version,
        List<AppendedEvent> events,
        @Nullable String code,
        @Nullable String message,
        boolean replayed,
        Instant time,
        @Nullable String correlationId,
        @Nullable String fingerprint) {

    /**
     * Of a command that failed where its aggregate's state is not, in a partition that belongs to others; and of one
     * whose sender is not to know it.
     */
    public static final long UNKNOWN_VERSION = -1;

    /** The {@link #code} where the expected version is not the aggregate's. */
    public static final String VERSION_CONFLICT = "version-conflict";

    /** The {@link #code} where the command's id was used for another payload. */
    public static final String IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused";

    /** The {@link #code} where the sender may send it to their own alone, and the aggregate is none of them. */
    public static final String FORBIDDEN = "forbidden";

    public static final Schema SCHEMA =
            SchemaCatalog.load("annals.CommandResult", CommandResult.class.getClassLoader());

    public enum Outcome {
        /** Its events are durable. */
        ACCEPTED,
        /** A rule forbids it; nothing was appended. */
        REJECTED,
        /**
         * It could not be read, or a bug kept it from being decided; it is in the dead letters, nothing was appended.
         */
        FAILED
    }

    /**
     * One event of an accepted command.
     *
     * @param type simple name of the event's record
     */
    public record AppendedEvent(String type, long version) {}

    public CommandResult {
        events = List.copyOf(events);
    }

    /** A result of which no repeat gets anything. */
    public CommandResult(
            @Nullable String commandId,
            String commandType,
            String aggregateType,
            String aggregateId,
            Outcome outcome,
            long version,
            List<AppendedEvent> events,
            @Nullable String code,
            @Nullable String message,
            boolean replayed,
            Instant time,
            @Nullable String correlationId) {
        this(
                commandId,
                commandType,
                aggregateType,
                aggregateId,
                outcome,
                version,
                events,
                code,
                message,
                replayed,
                time,
                correlationId,
                null);
    }

    /** Whether the sender has no right to it: as {@link #FORBIDDEN}, which a domain may use for a rule of its own. */
    public boolean isForbidden() {
        return outcome == Outcome.REJECTED && version == UNKNOWN_VERSION && FORBIDDEN.equals(code);
    }

    /** The version, null where it isn't known. */
    public @Nullable Long knownVersion() {
        return version == UNKNOWN_VERSION ? null : version;
    }

    /** Between this record and its {@link #SCHEMA}. */
    public static RecordBinding<CommandResult> binding() {
        return RecordBinding.of(CommandResult.class, SCHEMA);
    }

    /** What a repeat of the command gets. */
    public CommandResult asReplay() {
        return new CommandResult(
                commandId,
                commandType,
                aggregateType,
                aggregateId,
                outcome,
                version,
                events,
                code,
                message,
                true,
                time,
                correlationId,
                fingerprint);
    }
}
