package dev.annals.engine.reacting;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * An instance of a process as the first entries of its journal make it: for whoever reads the journal.
 *
 * @param version how many entries are in it
 * @param state as a record of the schema that is derived from the process's state
 * @param reason why it is parked; null unless it is
 * @param timers that are set, with their times
 * @param unanswered the numbers of commands whose outcome has not come, with the entries in which they stand
 */
public record InstanceSnapshot(
        long version,
        GenericRecord state,
        Status status,
        @Nullable String reason,
        SortedMap<String, Instant> timers,
        SortedMap<Long, Long> unanswered) {

    public enum Status {
        RUNNING,
        /** It can't go on with an input: somebody must look. */
        PARKED,
        ENDED
    }

    /**
     * @param entries from the first on, without a gap; at least one
     * @throws BindingException if one can't be read
     * @throws RuntimeException as the process's {@code evolve} throws it
     */
    public static <S extends Record> InstanceSnapshot of(ProcessBinding<S> binding, List<GenericRecord> entries) {
        Instance<S> instance = Instance.of(new Journal<>(binding), entries);
        Class<S> type = binding.process().state();
        String failure = Journal.text(entries.getLast(), JournalSchema.FAILURE);
        return new InstanceSnapshot(
                instance.entries(),
                RecordBinding.of(type, DerivedSchema.of(type)).toAvro(instance.state()),
                instance.isEnded() ? Status.ENDED : failure == null ? Status.RUNNING : Status.PARKED,
                failure,
                new TreeMap<>(instance.timers()),
                new TreeMap<>(instance.unanswered()));
    }
}
