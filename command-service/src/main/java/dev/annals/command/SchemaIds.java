package dev.annals.command;

import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.service.StartupException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * What the ids of schemas mean that stand in this installation's records. A registry that has lost its data gives ids
 * anew, and records of before would be read as something else; so what an id meant when it was first written is
 * recorded, and a registry that says something else is refused before anything is registered there. For one thread.
 */
final class SchemaIds {

    /** Of bytes that begin with the id of their schema, in the wire format of Confluent. */
    private static final byte WITH_ID = 0;

    private static final int ID_END = 1 + Integer.BYTES;

    private final Map<Integer, String> recorded;
    private final Consumer<Map<Integer, String>> record;
    private final IntFunction<Schema> registry;
    private final Map<Integer, String> unrecorded = new HashMap<>();

    /**
     * @param recorded fingerprints by id, as they were first recorded
     * @param record records more, where there are none yet
     * @param registry the schema that it has under an id; throws where it has none
     */
    SchemaIds(Map<Integer, String> recorded, Consumer<Map<Integer, String>> record, IntFunction<Schema> registry) {
        this.recorded = new HashMap<>(recorded);
        this.record = record;
        this.registry = registry;
    }

    /**
     * @throws StartupException if the registry is not the one that records were written with
     * @throws RuntimeException what a registry throws that can't be asked now
     */
    void requireSame() {
        recorded.forEach((id, fingerprint) -> {
            if (!fingerprint.equals(fingerprint(id))) {
                throw new StartupException(
                        ("id %d has another schema in the registry than when records of this installation were written with it,"
                                        + " or none: the registry has lost its data, or is another one; give it back what it had,"
                                        + " from its backup, and start again")
                                .formatted(id));
            }
        });
    }

    /** Of the schema that the registry has under an id; none where it has none. */
    private String fingerprint(int id) {
        try {
            return fingerprint(registry.apply(id));
        } catch (RuntimeException e) {
            if (RegistryFailures.isNotFound(e)) {
                return "none";
            }
            throw e;
        }
    }

    private static String fingerprint(Schema schema) {
        return Long.toHexString(SchemaNormalization.parsingFingerprint64(schema));
    }

    /** Takes the id with which a value is written now. */
    void note(byte[] written) {
        if (written.length >= ID_END && written[0] == WITH_ID) {
            int id = ByteBuffer.wrap(written, 1, Integer.BYTES).getInt();
            if (!recorded.containsKey(id) && !unrecorded.containsKey(id)) {
                unrecorded.put(id, fingerprint(id));
            }
        }
    }

    /** Records what was noted. */
    void record() {
        if (!unrecorded.isEmpty()) {
            record.accept(Map.copyOf(unrecorded));
            recorded.putAll(unrecorded);
            unrecorded.clear();
        }
    }
}
