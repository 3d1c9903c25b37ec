package dev.annals.benchmarks.load;

import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountsDomain;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.AvroSerdes;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The values of the commands as bytes, made once: making them is the clients' work, not the measured programs'. The
 * floor gets as many bytes as the service.
 */
final class Values {

    private static final long CENTS = 1250;

    private final Map<CommandKind, byte[]> avro = new EnumMap<>(CommandKind.class);
    private final Map<CommandKind, byte[]> plain = new EnumMap<>(CommandKind.class);
    private final Deserializer<Object> deserializer;
    private final RecordBinding<CommandResult> results = CommandResult.binding();

    Values(Installation installation) {
        AvroSerdes serdes = installation.config().values();
        this.deserializer = serdes.newDeserializer();
        AggregateBinding<AccountCommand, ?, ?> accounts = AggregateBinding.of(new AccountsDomain().aggregate());
        try (Serializer<Object> serializer = serdes.newSerializer()) {
            String topic = installation.topics().commands(Program.SERVICE.type());
            for (CommandKind kind : CommandKind.values()) {
                byte[] value = serializer.serialize(topic, accounts.commandToAvro(kind.payload()));
                avro.put(kind, value);
                plain.put(kind, plain(value.length));
            }
        }
    }

    private static byte[] plain(int length) {
        return ByteBuffer.allocate(Math.max(Long.BYTES, length)).putLong(CENTS).array();
    }

    byte[] of(Program program, CommandKind kind) {
        Map<CommandKind, byte[]> values = program == Program.FLOOR ? plain : avro;
        return Objects.requireNonNull(values.get(kind));
    }

    /** What became of a command of the service. Used by one thread. */
    CommandResult result(String topic, byte[] value) {
        if (deserializer.deserialize(topic, value) instanceof IndexedRecord record) {
            return results.fromAvro(record);
        }
        throw new LoadException("a record of " + topic + " is no result");
    }
}
