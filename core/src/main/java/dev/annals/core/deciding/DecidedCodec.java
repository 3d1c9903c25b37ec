package dev.annals.core.deciding;

import dev.annals.core.avro.RecordBinding;
import dev.annals.core.avro.SingleObjectCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * {@link Decided} to and from bytes: the arrival as 8 bytes in big endian, so that it can be read alone, and the rest as Avro.
 * One thread at a time.
 */
final class DecidedCodec {

    private static final Schema SCHEMA = Schema.createRecord(
            "DecidedCommand",
            null,
            "annals.internal",
            false,
            List.of(
                    new Schema.Field("fingerprintHigh", Schema.create(Schema.Type.LONG)),
                    new Schema.Field("fingerprintLow", Schema.create(Schema.Type.LONG)),
                    new Schema.Field("decided", Schema.create(Schema.Type.LONG)),
                    new Schema.Field("result", CommandResult.SCHEMA)));

    private final RecordBinding<CommandResult> results = CommandResult.binding();
    private final SingleObjectCodec codec = new SingleObjectCodec(SCHEMA);

    byte[] encode(Decided decided) {
        GenericRecord record = new GenericData.Record(SCHEMA);
        record.put(0, decided.fingerprint().high());
        record.put(1, decided.fingerprint().low());
        record.put(2, decided.decided());
        record.put(3, results.toAvro(decided.result()));
        byte[] avro = codec.encode(record);
        return ByteBuffer.allocate(Long.BYTES + avro.length)
                .putLong(decided.arrived())
                .put(avro)
                .array();
    }

    Decided decode(byte[] stored) {
        GenericRecord record = codec.decode(Arrays.copyOfRange(stored, Long.BYTES, stored.length));
        return new Decided(
                new PayloadFingerprint((long) record.get(0), (long) record.get(1)),
                arrival(stored),
                (long) record.get(2),
                results.fromAvro((GenericRecord) record.get(3)));
    }

    /** {@link Decided#arrived} of stored bytes. */
    static long arrival(byte[] stored) {
        return ByteBuffer.wrap(stored).getLong();
    }
}
