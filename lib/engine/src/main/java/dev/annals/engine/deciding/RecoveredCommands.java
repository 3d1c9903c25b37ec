package dev.annals.engine.deciding;

import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes the commands that were accepted from their events, of which each names its command ({@code ce_causationid}), so
 * that a repeat is known again where the results that knew it are gone: after a restore, at a second site. What the
 * events don't say is not known: the payload, so that any repeat under the id gets the first result; and commands that
 * were rejected, which are decided anew.
 *
 * <p>One thread at a time.
 */
public final class RecoveredCommands {

    private final String type;
    private final CommandIds store;
    private final CommandHandler.ResultCodec results;
    private final ActorTrust trust;
    private final long retentionMs;
    private final LongSupplier clock;
    private final Map<Of, Effect> changed = new LinkedHashMap<>();

    /** Events before are of commands whose ids have expired. */
    private long since = Long.MIN_VALUE;

    /** @param name under which the command is kept */
    private record Of(String name, String commandId, String aggregateId) {}

    /** What a command did, as far as it is read; the events are in order. */
    private record Effect(List<AppendedEvent> events, long time, CommandResult result) {

        long version() {
            return result.version();
        }
    }

    /**
     * @param type of the aggregates
     * @param trust as commands are decided with
     * @param retention how long a command id is remembered, in the time of the commands' records
     * @param clock milliseconds since the epoch
     */
    public RecoveredCommands(
            String type,
            CommandIds store,
            CommandHandler.ResultCodec results,
            ActorTrust trust,
            Duration retention,
            LongSupplier clock) {
        this.type = type;
        this.store = store;
        this.results = results;
        this.trust = trust;
        this.retentionMs = retention.toMillis();
        this.clock = clock;
    }

    /**
     * Says what has expired by now. Commands that still wait came after the newest event's, however long ago that was.
     *
     * @param newest time of the newest event, which is that of its command's record
     */
    public void begin(long newest) {
        since = Math.min(newest, clock.getAsLong()) - retentionMs;
    }

    /** One more event; those of an aggregate in their order, and any of them again. */
    public void take(EventKey key, ConsumerRecord<byte[], byte[]> record) {
        String commandId = HeaderName.CAUSATION_ID.in(record.headers());
        if (commandId == null || record.value() == null || record.timestamp() < since) {
            return;
        }
        Of of = new Of(trust.nameOf(commandId, record.headers()), commandId, key.aggregateId());
        Effect before = changed.get(of);
        if (before == null) {
            byte[] stored = store.get(StoreKeys.command(of.name(), of.aggregateId()));
            if (stored != null && !DedupEntry.isFailed(stored)) {
                DedupEntry entry = DedupEntry.decode(stored);
                if (!PayloadFingerprint.NONE.equals(entry.fingerprint())) {
                    return; // it was decided with this store, which knows more
                }
                CommandResult result = results.decode(entry.result());
                before = new Effect(result.events(), entry.arrived(), result);
            }
        }
        if (before == null || before.version() < key.version()) {
            changed.put(of, after(before, of, key.version(), record));
        }
    }

    private Effect after(@Nullable Effect before, Of of, long version, ConsumerRecord<byte[], byte[]> record) {
        List<AppendedEvent> events = new ArrayList<>();
        if (before != null && before.time() == record.timestamp()) {
            events.addAll(before.events()); // else the id had expired, and was used for another command
        }
        events.add(new AppendedEvent(simpleName(HeaderName.TYPE.in(record.headers())), version));
        CommandResult result = new CommandResult(
                of.commandId(),
                "",
                type,
                of.aggregateId(),
                Outcome.ACCEPTED,
                version,
                events,
                null,
                null,
                false,
                time(record),
                HeaderName.CORRELATION_ID.in(record.headers()));
        return new Effect(events, record.timestamp(), result);
    }

    private static String simpleName(@Nullable String fullName) {
        return fullName == null ? "" : fullName.substring(fullName.lastIndexOf('.') + 1);
    }

    /** Of the command, which its events have. */
    private static Instant time(ConsumerRecord<byte[], byte[]> record) {
        String time = HeaderName.TIME.in(record.headers());
        Instant stamped = Instant.ofEpochMilli(Math.max(0, record.timestamp()));
        try {
            return time == null ? stamped : Instant.parse(time);
        } catch (DateTimeException e) {
            return stamped; // somebody else wrote it
        }
    }

    /** Stores what was taken since the last time. */
    public void flush() {
        changed.forEach((of, effect) -> store.put(
                StoreKeys.command(of.name(), of.aggregateId()),
                new DedupEntry(PayloadFingerprint.NONE, effect.time(), effect.time(), results.encode(effect.result()))
                        .encode()));
        changed.clear();
    }

    /** Forgets what was taken since the last {@link #flush}. */
    void clear() {
        changed.clear();
    }
}
