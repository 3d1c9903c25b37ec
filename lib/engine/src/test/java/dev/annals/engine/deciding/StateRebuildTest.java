package dev.annals.engine.deciding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.MissingEvents;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.SingleObjectCodec;
import dev.annals.engine.deciding.Counters.Added;
import dev.annals.engine.deciding.Counters.Bug;
import dev.annals.engine.deciding.Counters.Command;
import dev.annals.engine.deciding.Counters.Event;
import dev.annals.engine.deciding.Counters.Misbehaved;
import dev.annals.engine.deciding.Counters.SummedUp;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.deciding.StoredStates.StoredState;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.rebuilding.ListPartitionLog;
import dev.annals.engine.rebuilding.Rebuild;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StateRebuildTest {

    private static final int MAX_STATE_BYTES = 1_000;

    private static final long NOW = 1_800_000_000_000L;
    private static final Duration RETENTION = Duration.ofHours(24);

    private final PlainResults results = new PlainResults();
    private final MapCommandStore store = new MapCommandStore();
    private final List<ConsumerRecord<byte[], byte[]>> events = new ArrayList<>();
    private final List<GenericRecord> values = new ArrayList<>();
    private final ListPartitionLog log = new ListPartitionLog(events);

    /** How high a counter is, and by what code. */
    record Tally(long value, long madeBy) {}

    /** Counts each event as much as its version: what release 1 has stored is wrong for release 2. */
    private record Release(int version, MissingEvents missingEvents) implements Decider<Command, Tally, Event> {

        @Override
        public Tally initial() {
            return new Tally(0, version);
        }

        @Override
        public Decision<Event> decide(Command command, Tally tally) {
            return Decision.accept();
        }

        @Override
        public Tally evolve(Tally tally, Event event) {
            return switch (event) {
                case Added added -> new Tally(tally.value + version, version);
                case SummedUp sum -> new Tally(tally.value + sum.value(), version);
                case Misbehaved misbehaved -> throw new IllegalStateException("a bug in evolve");
            };
        }
    }

    private static AggregateType<Command, Tally, Event> type(Release release) {
        return AggregateType.named("counters", release)
                .commands(Command.class)
                .events(Event.class)
                .state(Tally.class)
                .createdBy(Counters.Add.class)
                .build();
    }

    private final class Rebuilt implements AutoCloseable {

        private final StateCodec<Tally> codec;
        private final StateRebuild<Tally, Event> rebuild;

        Rebuilt(int version, MissingEvents missingEvents) {
            Release release = new Release(version, missingEvents);
            codec = new StateCodec<>(Tally.class, release);
            rebuild = new StateRebuild<>(
                    AggregateBinding.of(type(release)),
                    store,
                    codec,
                    MAX_STATE_BYTES,
                    byNumber(),
                    () -> log,
                    commands());
        }

        Rebuilt note(String id, long version) {
            events.stream()
                    .filter(event -> EventKey.parse(event.key()).equals(new EventKey(id, version)))
                    .forEach(event ->
                            store.put(StoreKeys.LAST_EVENT, new LastEvent(event.timestamp(), event.key()).encode()));
            return this;
        }

        Rebuilt(int version) {
            this(version, MissingEvents.FAIL);
        }

        Rebuilt chunks(int count) {
            for (int i = 0; i < count; i++) {
                rebuild.step(StateRebuildTest::always);
            }
            return this;
        }

        Rebuilt all() {
            for (int i = 0; i < 10 && !rebuild.isDone(); i++) {
                rebuild.step(StateRebuildTest::always);
            }
            assertThat(rebuild.isDone()).isTrue();
            return this;
        }

        /** As a live task would, after it. */
        Rebuilt decided(String id, int more) {
            Versioned<Tally> before =
                    states().getOrDefault(id, new Versioned<>(0, codec.none().state()));
            Versioned<Tally> after = before;
            for (int i = 0; i < more; i++) {
                event(id, after.version() + 1, new Added());
                long worth = codec.none().state().madeBy();
                after = new Versioned<>(after.version() + 1, new Tally(after.state().value + worth, worth));
            }
            store.put(StoreKeys.state(id), codec.encode(after));
            return this;
        }

        Map<String, Versioned<Tally>> states() {
            Map<String, Versioned<Tally>> states = new TreeMap<>();
            store.entries.forEach((key, value) -> {
                if (StoreKeys.isState(key)) {
                    states.put(StoreKeys.aggregateId(key), codec.decode(value));
                }
            });
            return states;
        }

        @Override
        public void close() {
            rebuild.close();
        }
    }

    private RecoveredCommands commands() {
        return new RecoveredCommands("counters", store, results, RETENTION, () -> NOW);
    }

    /** A value is the number of its record, so that no registry is needed. */
    private Deserializer<Object> byNumber() {
        return (topic, bytes) -> values.get(bytes[0]);
    }

    private void event(String id, long version, @Nullable Event event) {
        byte[] value = event == null ? null : new byte[] {(byte) values.size()};
        if (event != null) {
            values.add(Counters.BINDING.toAvro(event));
        }
        long offset = events.isEmpty() ? 0 : events.getLast().offset() + 1;
        events.add(new ConsumerRecord<>("counters.events", 0, offset, new EventKey(id, version).toBytes(), value));
    }

    /** An event of a command. */
    private void caused(String commandId, long time, String id, long version) {
        event(id, version, new Added());
        ConsumerRecord<byte[], byte[]> bare = events.removeLast();
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                bare.topic(),
                bare.partition(),
                bare.offset(),
                time,
                TimestampType.CREATE_TIME,
                bare.key().length,
                1,
                bare.key(),
                bare.value(),
                new RecordHeaders(),
                Optional.empty());
        HeaderName.CAUSATION_ID.put(record.headers(), commandId);
        HeaderName.CORRELATION_ID.put(record.headers(), "corr");
        HeaderName.TYPE.put(record.headers(), "annals.counters.Added");
        HeaderName.TIME.put(record.headers(), "2011-01-04T10:00:00Z");
        events.add(record);
    }

    private @Nullable DedupEntry entry(String commandId, String id) {
        byte[] stored = store.get(StoreKeys.command(commandId, id));
        return stored == null ? null : DedupEntry.decode(stored);
    }

    private @Nullable CommandResult result(String commandId, String id) {
        DedupEntry entry = entry(commandId, id);
        return entry == null ? null : results.decode(entry.result());
    }

    private void expired(String id, long version) {
        event(id, version, null);
        HeaderName.EXPIRED.put(events.getLast().headers(), "9");
    }

    private void added(String id, int from, int to) {
        for (int version = from; version <= to; version++) {
            event(id, version, new Added());
        }
    }

    private static Versioned<Tally> tally(long version, long value, long madeBy) {
        return new Versioned<>(version, new Tally(value, madeBy));
    }

    private static boolean always() {
        return true;
    }

    private static BooleanSupplier times(int count) {
        AtomicInteger left = new AtomicInteger(count);
        return () -> left.getAndDecrement() > 0;
    }

    @Nested
    class The_states_of_a_store {

        @Test
        void are_made_anew_by_another_version_of_the_decider() {
            new Rebuilt(1).all().decided("a", 3).decided("b", 1);

            assertThat(new Rebuilt(2).all().states()).isEqualTo(Map.of("a", tally(3, 6, 2), "b", tally(1, 2, 2)));
            assertThat(log.closed).isTrue();
        }

        @Test
        void are_made_anew_when_their_record_has_another_shape() {
            added("a", 1, 2);
            Schema other = SchemaBuilder.record("Stored")
                    .fields()
                    .requiredLong("version")
                    .requiredString("was")
                    .endRecord();
            GenericRecord old = new GenericData.Record(other);
            old.put("version", 2L);
            old.put("was", "something else");
            store.put(StoreKeys.state("a"), new SingleObjectCodec(other).encode(old));

            assertThat(new Rebuilt(1).all().states()).isEqualTo(Map.of("a", tally(2, 2, 1)));
        }

        @Test
        void begin_anew_with_a_summary_whatever_is_missing_before_it() {
            added("a", 1, 2);
            event("a", 3, new SummedUp(20));
            event("a", 9, new SummedUp(30));
            added("a", 10, 10);
            event("b", 5, new SummedUp(40));
            expired("a", 8);
            expired("c", 2);
            event("c", 3, new SummedUp(50));

            assertThat(new Rebuilt(1).all().states())
                    .isEqualTo(Map.of("a", tally(10, 31, 1), "b", tally(5, 40, 1), "c", tally(3, 50, 1)));
        }

        @Test
        void are_ready_at_once_when_the_same_code_has_completed_them() {
            new Rebuilt(1).all().decided("a", 3);
            Rebuilt again = new Rebuilt(1);

            assertThat(again.rebuild.isDone()).isTrue();
            assertThat(again.states()).isEqualTo(Map.of("a", tally(3, 3, 1)));
        }

        @Test
        void wait_until_the_last_event_that_was_decided_is_found_in_the_log() {
            Rebuilt first = new Rebuilt(1).all();
            assertThat(first.rebuild.hasChanged()).isTrue();
            first.decided("a", 3).note("a", 2);
            log.committed = 1; // the marker of its transaction is not written yet
            Rebuilt again = new Rebuilt(1);

            assertThat(again.chunks(1).rebuild.isDone()).isFalse();
            log.committed = Long.MAX_VALUE;
            assertThat(again.all().states()).isEqualTo(Map.of("a", tally(3, 3, 1)));
            assertThat(log.closed).isTrue();
            // Else the input would be held back until a commit that never comes.
            assertThat(again.rebuild.hasChanged()).isFalse();
        }

        @Test
        void are_refused_where_the_log_has_lost_its_end() {
            new Rebuilt(1).all().decided("a", 3).note("a", 3);
            ConsumerRecord<byte[], byte[]> lost = events.removeLast();
            Rebuilt again = new Rebuilt(1);

            for (int tries = 0; tries < 2; tries++) {
                assertThatExceptionOfType(StateRebuild.StoppedException.class)
                        .isThrownBy(() -> again.chunks(1))
                        .withMessageContaining(
                                "the last event that was decided, counters/a/0000000000000000003, is not in the log")
                        .withMessageContaining("annals restore");
                assertThat(again.rebuild.isDone()).isFalse();
            }
            events.add(lost);
            again.all();
        }

        @Test
        void come_from_the_events_where_the_store_was_lost() {
            added("a", 1, 3);

            assertThat(new Rebuilt(1).all().states()).isEqualTo(Map.of("a", tally(3, 3, 1)));
        }

        @Test
        void come_from_events_that_were_restored_after_a_start_without_any() {
            new Rebuilt(1).all();
            added("a", 1, 3);

            assertThat(new Rebuilt(1).all().states()).isEqualTo(Map.of("a", tally(3, 3, 1)));
        }

        @Test
        void have_each_event_once_even_if_it_stands_twice() {
            added("a", 1, 2);
            added("a", 2, 3);

            assertThat(new Rebuilt(1).all().states()).isEqualTo(Map.of("a", tally(3, 3, 1)));
        }
    }

    @Nested
    class The_commands_of_a_store_that_was_lost {

        @Test
        void are_known_from_their_events_with_the_result_that_they_had() {
            caused("c1", NOW, "a", 1);
            caused("c2", NOW + 1, "a", 2);
            caused("c2", NOW + 1, "b", 1);
            caused("c2", NOW + 1, "a", 3);
            new Rebuilt(1).all();

            DedupEntry entry = Objects.requireNonNull(entry("c2", "a"));
            assertThat(entry.arrived()).isEqualTo(NOW + 1);
            assertThat(entry.fingerprint()).isEqualTo(PayloadFingerprint.NONE);
            assertThat(result("c2", "a"))
                    .isEqualTo(new CommandResult(
                            "c2",
                            "",
                            "counters",
                            "a",
                            CommandResult.Outcome.ACCEPTED,
                            3,
                            List.of(
                                    new CommandResult.AppendedEvent("Added", 2),
                                    new CommandResult.AppendedEvent("Added", 3)),
                            null,
                            null,
                            false,
                            Instant.parse("2011-01-04T10:00:00Z"),
                            "corr"));
            assertThat(Objects.requireNonNull(result("c2", "b")).version()).isEqualTo(1);
            assertThat(Objects.requireNonNull(result("c1", "a")).version()).isEqualTo(1);
        }

        @Test
        void are_whole_where_the_rebuild_was_cut_off_between_their_events_and_another_release_went_on() {
            caused("c1", NOW, "a", 1);
            caused("c1", NOW, "a", 2);
            caused("c2", NOW, "a", 3);
            caused("c2", NOW, "a", 4);
            try (Rebuilt cut = new Rebuilt(1)) {
                cut.rebuild.step(times(1));
                assertThat(Objects.requireNonNull(result("c1", "a")).version()).isEqualTo(1);
            }
            try (Rebuilt cut = new Rebuilt(1)) {
                cut.rebuild.step(times(2));
            }
            new Rebuilt(2).all();

            assertThat(Objects.requireNonNull(result("c1", "a")).events())
                    .extracting(CommandResult.AppendedEvent::version)
                    .containsExactly(1L, 2L);
            assertThat(Objects.requireNonNull(result("c2", "a")).events())
                    .extracting(CommandResult.AppendedEvent::version)
                    .containsExactly(3L, 4L);
        }

        @Test
        void have_expired_where_the_newest_event_is_younger_by_more_than_the_retention() {
            long newest = NOW - Duration.ofDays(3).toMillis();
            caused("expired", newest - RETENTION.toMillis() - 1, "a", 1);
            caused("known", newest - RETENTION.toMillis(), "a", 2);
            caused("newest", newest, "a", 3);
            new Rebuilt(1).all();

            assertThat(entry("expired", "a")).isNull();
            assertThat(entry("known", "a")).isNotNull();
            assertThat(entry("newest", "a")).isNotNull();
        }

        @Test
        void have_their_last_use_where_an_id_had_expired_and_was_used_again() {
            caused("c1", NOW - RETENTION.toMillis(), "a", 1);
            caused("c1", NOW, "a", 2);
            new Rebuilt(1).all();

            assertThat(Objects.requireNonNull(result("c1", "a")).events())
                    .extracting(CommandResult.AppendedEvent::version)
                    .containsExactly(2L);
        }

        @Test
        void are_left_alone_where_only_the_states_are_made_anew() {
            new Rebuilt(1).all().decided("a", 1);
            caused("c1", NOW, "a", 2);
            new Rebuilt(2).all();

            assertThat(entry("c1", "a")).isNull();
        }
    }

    @Nested
    class A_rebuild_that_was_cut_off {

        @Test
        void goes_on_behind_its_last_chunk() {
            new Rebuilt(1).all().decided("a", 3).decided("b", 3);
            try (Rebuilt cut = new Rebuilt(2)) {
                cut.rebuild.step(times(4));
            }
            Rebuilt resumed = new Rebuilt(2).all();

            assertThat(resumed.rebuild.taken()).isEqualTo(2);
            assertThat(resumed.states()).isEqualTo(Map.of("a", tally(3, 6, 2), "b", tally(3, 6, 2)));
        }

        @Test
        void is_right_whichever_of_two_releases_goes_on_and_however_often_they_change() {
            Map<String, Integer> versions = new TreeMap<>();
            List<String> ids = List.of("a", "b", "c");
            for (int turn = 0; turn < 40; turn++) {
                int release = 1 + turn * 7 % 3 % 2;
                try (Rebuilt now = new Rebuilt(release)) {
                    now.rebuild.step(times(1 + turn % 5));
                    if (turn % 4 == 3) {
                        now.all();
                        String id = ids.get(turn % 3);
                        now.decided(id, 1);
                        versions.merge(id, 1, Integer::sum);
                        assertThat(now.states())
                                .allSatisfy((each, state) -> assertThat(state)
                                        .isEqualTo(tally(
                                                versions.get(each), (long) release * versions.get(each), release)));
                        assertThat(now.states().keySet()).isEqualTo(versions.keySet());
                    }
                }
            }
        }

        @Test
        void stores_a_chunk_whole_or_says_how_far_it_came() {
            added("a", 1, 3);
            event("a", 4, new Misbehaved(Bug.EVOLVE_THROWS, null, null));
            Rebuilt stopped = new Rebuilt(1);

            assertThatExceptionOfType(Rebuild.StoppedException.class)
                    .isThrownBy(stopped::all)
                    .withMessageContaining("counters.events partition 0 offset 3: ")
                    .withMessageContaining("Release.evolve threw java.lang.IllegalStateException: a bug in evolve");
            assertThat(stopped.states()).isEqualTo(Map.of("a", tally(3, 3, 1)));
            assertThat(stopped.rebuild.progress()).isEqualTo(new Rebuild.Progress(3, 4));
            assertThatExceptionOfType(Rebuild.StoppedException.class).isThrownBy(() -> new Rebuilt(1).all());
        }

        @Test
        void can_be_tried_again_after_a_failure_that_passes() {
            added("a", 1, 3);
            AtomicInteger calls = new AtomicInteger();
            var rebuild = new StateRebuild<>(
                    Counters.BINDING,
                    store,
                    new StateCodec<>(Counters.TYPE.state(), Counters.TYPE.decider()),
                    MAX_STATE_BYTES,
                    (topic, bytes) -> {
                        if (calls.incrementAndGet() == 2) {
                            throw new TimeoutException("away");
                        }
                        return values.get(bytes[0]);
                    },
                    () -> log,
                    commands());
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> rebuild.step(StateRebuildTest::always));
            rebuild.step(StateRebuildTest::always);
            rebuild.step(StateRebuildTest::always);

            assertThat(rebuild.isDone()).isTrue();
            assertThat(calls).hasValue(4);
        }
    }

    @Test
    void an_open_transaction_of_a_predecessor_is_waited_for() {
        added("a", 1, 3);
        log.committed = 1;
        Rebuilt waiting = new Rebuilt(1).chunks(20);
        assertThat(waiting.rebuild.isDone()).isFalse();

        log.committed = Long.MAX_VALUE;
        assertThat(waiting.all().states()).isEqualTo(Map.of("a", tally(3, 3, 1)));
    }

    @Test
    void the_marks_of_transactions_at_the_end_are_no_events() {
        added("a", 1, 1);
        event("a", 2, new Added());
        log.committed = 1;
        Rebuilt waiting = new Rebuilt(1).chunks(1);
        log.position = 2; // aborted
        log.committed = 2;

        assertThat(waiting.all().states()).isEqualTo(Map.of("a", tally(1, 1, 1)));
    }

    @Nested
    class Erased_events {

        @Test
        void are_refused_where_the_author_says_nothing() {
            added("a", 1, 2);
            event("a", 3, null);

            assertThatExceptionOfType(Rebuild.StoppedException.class)
                    .isThrownBy(() -> new Rebuilt(1).all())
                    .withMessage(
                            "counters.events partition 0 offset 2: the event has been erased; if it is right to leave such"
                                    + " events out, let " + Release.class.getName() + ".missingEvents() say SKIP");
        }

        @Test
        void count_and_change_nothing_where_the_author_lets_them_pass() {
            added("a", 1, 2);
            event("a", 3, null);
            added("a", 4, 4);

            assertThat(new Rebuilt(1, MissingEvents.SKIP).all().states()).isEqualTo(Map.of("a", tally(4, 3, 1)));
        }

        @Test
        void that_are_gone_from_the_log_are_refused_or_counted() {
            added("a", 1, 1);
            added("a", 4, 4);

            assertThatExceptionOfType(Rebuild.StoppedException.class)
                    .isThrownBy(() -> new Rebuilt(1).all())
                    .withMessageContaining("offset 1: events 2 to 3 of counters/a are missing before it");
            assertThat(new Rebuilt(1, MissingEvents.SKIP).all().states()).isEqualTo(Map.of("a", tally(4, 2, 1)));
        }

        @Test
        void at_the_end_of_a_stream_never_give_their_version_to_another_event() {
            new Rebuilt(1).all().decided("a", 3).decided("b", 2);
            events.removeIf(record -> {
                EventKey key = EventKey.parse(record.key());
                return key.aggregateId().equals("b") || key.version() > 1;
            });

            assertThatExceptionOfType(Rebuild.StoppedException.class)
                    .isThrownBy(() -> new Rebuilt(2).all())
                    .withMessageContaining("counters/a: events 2 to 3 are missing at its end");
            assertThat(new Rebuilt(2, MissingEvents.SKIP).all().states())
                    .isEqualTo(Map.of("a", tally(3, 2, 2), "b", tally(2, 0, 2)));
        }

        @Test
        void after_which_the_event_was_folded_already_change_nothing() {
            added("a", 1, 2);
            event("a", 2, null);

            assertThat(new Rebuilt(1).all().states()).isEqualTo(Map.of("a", tally(2, 2, 1)));
        }
    }

    @Test
    void other_entries_of_the_store_stay_as_they_are() {
        byte[] command = StoreKeys.command("id", "a");
        store.put(command, new byte[] {1});
        new Rebuilt(1).all().decided("a", 1);
        new Rebuilt(2).all();

        assertThat(store.get(command)).containsExactly(1);
    }

    @Test
    void stored_states_can_be_read_from_outside() {
        new Rebuilt(2).all().decided("a", 3);
        byte[] stored = store.get(StoreKeys.state("a"));
        StoredStates present = StoredStates.of(type(new Release(2, MissingEvents.FAIL)));
        StoredStates other = StoredStates.of(type(new Release(1, MissingEvents.FAIL)));

        StoredState state = present.read(StoreKeys.state("a"), stored);
        assertThat(state).isNotNull();
        assertThat(state.aggregateId()).isEqualTo("a");
        assertThat(state.version()).isEqualTo(3);
        assertThat(state.state()).hasToString("{\"value\": 6, \"madeBy\": 2}");
        assertThat(other.read(StoreKeys.state("a"), stored)).isEqualTo(new StoredState("a", 3, null));
        assertThat(present.read(StoreKeys.MARK, store.get(StoreKeys.MARK))).isNull();
    }
}
