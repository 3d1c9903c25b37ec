package dev.annals.engine.reacting;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.CommandResult;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a process: what its journal has made of it. The same {@link #apply} runs when an input has just been
 * reacted to and when the journal is folded anew, so the two can't differ. For one thread.
 */
final class Instance<S extends Record> {

    private final Journal<S> journal;
    private S state;
    private long entries;
    private long sent;
    private int hops;
    private @Nullable String correlationId;
    private boolean ended;

    /** The last version that was told, by {@code <type>/<aggregate id>}: what comes again is passed over. */
    private final Map<String, Long> seen = new HashMap<>();

    private final Map<String, Instant> timers = new HashMap<>();

    /** In which entry a command stands that was neither accepted nor rejected, by its number. */
    private final Map<Long, Long> unanswered = new HashMap<>();

    /** Where a command stood when it failed last: an operator may send it again, and it may then succeed. */
    private final Map<Long, Long> failed = new HashMap<>();

    /** An instance that has had no input. */
    Instance(Journal<S> journal) {
        this.journal = journal;
        this.state = journal.process().initial();
    }

    /** An instance as it was stored. */
    Instance(Journal<S> journal, InstanceCodec.Stored stored, S state) {
        this.journal = journal;
        this.state = state;
        this.entries = stored.entries();
        this.sent = stored.sent();
        this.hops = stored.hops();
        this.correlationId = stored.correlationId();
        this.seen.putAll(stored.seen());
        this.timers.putAll(stored.timers());
        stored.unanswered().forEach((number, entry) -> unanswered.put(Long.parseLong(number), entry));
        stored.failed().forEach((number, offset) -> failed.put(Long.parseLong(number), offset));
    }

    InstanceCodec.Stored stored() {
        return new InstanceCodec.Stored(
                entries, sent, hops, correlationId, seen, timers, byText(unanswered), byText(failed));
    }

    private static Map<String, Long> byText(Map<Long, Long> numbers) {
        Map<String, Long> texts = new HashMap<>();
        numbers.forEach((number, value) -> texts.put(Long.toString(number), value));
        return texts;
    }

    /** An instance that has had an input is there; one of which nothing is known may as well not be. */
    boolean isNew() {
        return entries == 0;
    }

    boolean isEnded() {
        return ended;
    }

    S state() {
        return state;
    }

    /** How many entries its journal has; the last has this number. */
    long entries() {
        return entries;
    }

    /** How many commands it has sent. */
    long sent() {
        return sent;
    }

    int hops() {
        return hops;
    }

    @Nullable
    String correlationId() {
        return correlationId;
    }

    Map<String, Instant> timers() {
        return Map.copyOf(timers);
    }

    /**
     * Those whose keys stand in the store when an entry is written: of one that has run out, it is taken out already.
     */
    Map<String, Instant> timersBefore(GenericRecord entry) {
        Map<String, Instant> before = new HashMap<>(timers);
        GenericRecord input = Journal.input(entry);
        if (Journal.isDue(input) && Journal.text(entry, JournalSchema.FAILURE) == null) {
            before.remove(Journal.text(input, JournalSchema.TIMER));
        }
        return before;
    }

    Map<Long, Long> unanswered() {
        return Map.copyOf(unanswered);
    }

    /** The entry in which a command stands; null if it has been answered, or was never sent. */
    @Nullable
    Long entryOf(long command) {
        return unanswered.get(command);
    }

    /** Whether an input is one that this instance waits for, and has not been told. */
    boolean isNews(Arrival arrival) {
        return switch (arrival) {
            case Arrival.OfEvent event ->
                seen.getOrDefault(event.type() + "/" + event.key().aggregateId(), 0L)
                        < event.key().version();
            case Arrival.OfAnswer answer ->
                unanswered.containsKey(answer.number()) && failed.getOrDefault(answer.number(), -1L) < answer.offset();
            case Arrival.OfTimer timer -> timer.due().equals(timers.get(timer.timer()));
            case Arrival.Retry retry -> false;
            case Arrival.Skip skip -> false;
            case Arrival.Erased erased -> false;
            case Arrival.NoInstance none -> false;
        };
    }

    /**
     * One more entry of the journal, folded.
     *
     * @param entryAt earlier entries by their numbers, for the commands that are answered
     * @throws BindingException if the entry can't be read
     * @throws RuntimeException as the process's {@code evolve} throws it
     */
    void apply(GenericRecord entry, Journal.EntryAt entryAt) {
        S after = state;
        if (Journal.hasTakenEffect(entry)) {
            GenericRecord input = Journal.input(entry);
            Long entryOfCommand = Journal.isAnswer(input) ? entryOf(Journal.number(input)) : null;
            after = journal.evolve(
                    state, journal.inputs(input, entryOfCommand == null ? null : entryAt.get(entryOfCommand)));
        }
        apply(entry, after);
    }

    /** As {@link #apply(GenericRecord, Journal.EntryAt)}, where the state after it is known. */
    void apply(GenericRecord entry, S after) {
        entries++;
        state = after;
        hops = Journal.hops(entry);
        correlationId = Journal.text(entry, JournalSchema.CORRELATION_ID);
        if (Journal.text(entry, JournalSchema.FAILURE) == null) {
            take(Journal.input(entry));
            Journal.effects(entry).forEach(this::take);
        }
    }

    private void take(GenericRecord part) {
        switch (part.getSchema().getName()) {
            case "Happened" ->
                seen.put(
                        Journal.text(part, JournalSchema.TYPE) + "/" + Journal.text(part, JournalSchema.AGGREGATE_ID),
                        Journal.number(part, JournalSchema.VERSION));
            case "Answered" -> answered(part);
            case "Due", "Cancel" -> timers.remove(Journal.text(part, JournalSchema.TIMER));
            case "Send" -> {
                sent = Journal.number(part);
                unanswered.put(sent, entries);
            }
            case "At" -> timers.put(String.valueOf(Journal.text(part, JournalSchema.TIMER)), Journal.time(part));
            case "End" -> {
                ended = true;
                timers.clear();
                unanswered.clear();
                failed.clear();
            }
            default -> throw new BindingException("a journal entry holds " + part.getSchema());
        }
    }

    private void answered(GenericRecord answer) {
        if (CommandResult.Outcome.FAILED.name().equals(Journal.text(answer, JournalSchema.OUTCOME))) {
            failed.put(Journal.number(answer), Journal.number(answer, JournalSchema.OFFSET));
        } else {
            unanswered.remove(Journal.number(answer));
            failed.remove(Journal.number(answer));
        }
    }

    /**
     * As its journal says, but for the state: what code of today can't fold.
     *
     * @param last number of the last entry, which may not be there
     */
    static <S extends Record> Instance<S> withoutState(
            Journal<S> journal, SortedMap<Long, GenericRecord> entries, long last) {
        Instance<S> instance = new Instance<>(journal);
        entries.forEach((number, entry) -> {
            instance.entries = number - 1; // where some are missing, the next one must not take a number again
            instance.apply(entry, instance.state);
        });
        instance.entries = last;
        return instance;
    }

    /**
     * As {@link #of}, where topics may be others than those that the journal was written beside: where a command stood
     * when it failed says nothing about them.
     */
    static <S extends Record> Instance<S> restored(Journal<S> journal, List<GenericRecord> entries) {
        Instance<S> instance = of(journal, entries);
        instance.failed.clear();
        return instance;
    }

    /** Folded from its whole journal. */
    static <S extends Record> Instance<S> of(Journal<S> journal, List<GenericRecord> entries) {
        Instance<S> instance = new Instance<>(journal);
        for (GenericRecord entry : entries) {
            instance.apply(entry, number -> entries.get(Math.toIntExact(number - 1)));
        }
        return instance;
    }
}
