package dev.annals.core.deciding;

import dev.annals.core.avro.RecordBinding;
import dev.annals.core.avro.SingleObjectCodec;
import dev.annals.schemas.SchemaCatalog;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** {@link Decided} to and from bytes. One thread at a time. */
final class DecidedCodec {

    static final Schema RESULT_SCHEMA = SchemaCatalog.load("annals.CommandResult", DecidedCodec.class.getClassLoader());

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

    private final RecordBinding<CommandResult> results = RecordBinding.of(CommandResult.class, RESULT_SCHEMA);
    private final SingleObjectCodec codec = new SingleObjectCodec(SCHEMA);

    byte[] encode(Decided decided) {
        GenericRecord record = new GenericData.Record(SCHEMA);
        record.put(0, decided.fingerprint().high());
        record.put(1, decided.fingerprint().low());
        record.put(2, decided.arrived());
        record.put(3, decided.decided());
        record.put(4, results.toAvro(decided.result()));
        return codec.encode(record);
    }

    Decided decode(byte[] stored) {
        GenericRecord record = codec.decode(stored);
        return new Decided(
                new PayloadFingerprint((long) record.get(0), (long) record.get(1)),
                (long) record.get(2),
                (long) record.get(3),
                results.fromAvro((GenericRecord) record.get(4)));
    }
}
