package dev.annals.core.deciding;

import dev.annals.core.avro.RecordBinding;
import dev.annals.core.avro.SingleObjectCodec;
import dev.annals.schemas.SchemaCatalog;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The commands decided within the retention, by id, with their results.
 *
 * <p>An entry older than the retention counts as absent from then on, whether or not {@link #evict} has removed it yet, so
 * what is decided does not depend on when evictions run.
 */
final class DecidedCommands {

    static final Schema RESULT_SCHEMA =
            SchemaCatalog.load("annals.CommandResult", DecidedCommands.class.getClassLoader());

    private static final Schema SCHEMA = Schema.createRecord(
            "DecidedCommand",
            null,
            "annals.internal",
            false,
            List.of(
                    new Schema.Field("fingerprintHigh", Schema.create(Schema.Type.LONG)),
                    new Schema.Field("fingerprintLow", Schema.create(Schema.Type.LONG)),
                    new Schema.Field("arrived", Schema.create(Schema.Type.LONG)),
                    new Schema.Field("decided", Schema.create(Schema.Type.LONG)),
                    new Schema.Field("result", RESULT_SCHEMA)));

    private static final byte[] EMPTY = new byte[0];

    private final CommandStore store;
    private final long retentionMs;
    private final RecordBinding<CommandResult> binding = RecordBinding.of(CommandResult.class, RESULT_SCHEMA);
    private final SingleObjectCodec codec = new SingleObjectCodec(SCHEMA);

    /**
     * A decided command.
     *
     * @param fingerprint of its type and payload
     * @param arrived timestamp of the command's record, milliseconds since the epoch
     * @param decided wall clock of the instance that decided it, milliseconds since the epoch
     */
    record Decided(PayloadFingerprint fingerprint, long arrived, long decided, CommandResult result) {}

    DecidedCommands(CommandStore store, long retentionMs) {
        this.store = store;
        this.retentionMs = retentionMs;
    }

    @Nullable
    Decided get(String commandId, String aggregateId, long now) {
        byte[] stored = store.get(StoreKeys.command(commandId, aggregateId));
        if (stored == null) {
            return null;
        }
        Decided decided = decode(stored);
        return decided.arrived < now - retentionMs ? null : decided;
    }

    Decided decode(byte[] stored) {
        GenericRecord record = codec.decode(stored);
        return new Decided(
                new PayloadFingerprint((long) record.get(0), (long) record.get(1)),
                (long) record.get(2),
                (long) record.get(3),
                binding.fromAvro((GenericRecord) record.get(4)));
    }

    byte[] encode(Decided decided) {
        GenericRecord record = new GenericData.Record(SCHEMA);
        record.put(0, decided.fingerprint.high());
        record.put(1, decided.fingerprint.low());
        record.put(2, decided.arrived);
        record.put(3, decided.decided);
        record.put(4, binding.toAvro(decided.result));
        return codec.encode(record);
    }

    void put(String commandId, String aggregateId, long arrived, byte[] encoded) {
        byte[] key = StoreKeys.command(commandId, aggregateId);
        byte[] replaced = store.get(key);
        if (replaced != null) {
            store.delete(StoreKeys.expiry(decode(replaced).arrived, key));
        }
        store.put(key, encoded);
        store.put(StoreKeys.expiry(arrived, key), EMPTY);
    }

    /**
     * Removes entries whose retention has passed, the oldest first.
     *
     * @param now the newest arrival seen, milliseconds since the epoch
     * @param limit the most entries to remove in one call
     * @return how many were removed
     */
    int evict(long now, int limit) {
        List<byte[]> expired = new ArrayList<>();
        store.scan(
                StoreKeys.expiryBefore(0),
                StoreKeys.expiryBefore(now - retentionMs),
                limit,
                (key, value) -> expired.add(key));
        for (byte[] key : expired) {
            store.delete(StoreKeys.commandOf(key));
            store.delete(key);
        }
        return expired.size();
    }
}
