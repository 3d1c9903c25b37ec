package dev.annals.query.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.MissingEvents;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.query.events.Tallies.Counted;
import dev.annals.query.table.RecordDecoder;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TableDriver;
import dev.annals.service.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SnapshotsTest {

    private static final int EVERY = 5;
    private static final int HISTORIES = 2;
    private static final int STEPS = 600;
    private static final int QUESTIONS = 300;
    private static final List<String> IDS = List.of("a", "b", "b-c");
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    private static final AvroSerdes SERDES = new AvroSerdes(
            "dev.annals.serde.RegistryAvroSerializer",
            "dev.annals.serde.RegistryAvroDeserializer",
            Map.of(
                    "schema.registry.url", "mock://snapshots",
                    "value.subject.name.strategy", "TopicRecordNameStrategy"));

    private static final AggregateBinding<?, ?, Tallies.Event> BINDING = AggregateBinding.of(Tallies.TYPE);

    private final Serializer<Object> serializer = SERDES.newSerializer();

    @TempDir
    private Path folder;

    private int histories;

    private static EventTable table(MissingEvents missingEvents, int every) {
        return EventTable.of(Tallies.type(missingEvents), new Topics(""), new RecordDecoder(SERDES), every);
    }

    /** Events as they come, and what is left of them. */
    private final class History implements AutoCloseable {

        private final TableDriver driver;
        private final Map<String, Map<Long, StoredRecord>> left = new HashMap<>();
        private final Map<String, Long> versions = new HashMap<>();

        History(EventTable table) {
            this.driver = new TableDriver(table.table(), folder.resolve("history-" + ++histories));
        }

        void append(String id, int pieces, Instant time) {
            long version = versions.merge(id, 1L, Long::sum);
            RecordHeaders headers = new RecordHeaders();
            HeaderName.TIME.put(headers, time.toString());
            byte[] key = new EventKey(id, version).toBytes();
            byte[] value =
                    serializer.serialize("tallies.events", headers, BINDING.toAvro(new Counted(pieces, "piece")));
            stream(id).put(version, new StoredRecord(key, value, headers));
            driver.put(key, value, headers);
        }

        void erase(String id, long version) {
            stream(id).remove(version);
            driver.put(new EventKey(id, version).toBytes(), null, new RecordHeaders());
        }

        Map<Long, StoredRecord> stream(String id) {
            return left.computeIfAbsent(id, any -> new TreeMap<>());
        }

        long version(String id) {
            return versions.getOrDefault(id, 0L);
        }

        Shard shard() {
            return driver.shard();
        }

        List<String> kept() {
            List<String> keys = new ArrayList<>();
            try (KeyValueIterator<Bytes, byte[]> all =
                    Objects.requireNonNull(driver.kept()).all()) {
                all.forEachRemaining(each -> keys.add(new String(each.key.get(), StandardCharsets.UTF_8)));
            }
            return keys;
        }

        @Override
        public void close() {
            driver.close();
        }
    }

    private static String key(String id, long version) {
        return new EventKey(id, version).toString();
    }

    private static String answer(Supplier<StateFolder.@Nullable Folded> fold) {
        try {
            return String.valueOf(fold.get());
        } catch (ProblemException e) {
            return e.problem().code() + ": " + e.getMessage();
        }
    }

    /** Times go back and forth, and events are erased at any time. */
    @ParameterizedTest
    @EnumSource(MissingEvents.class)
    void every_state_is_the_one_without_snapshots(MissingEvents missingEvents) {
        EventTable plain = table(missingEvents, 0);
        for (int seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            EventTable table = table(missingEvents, EVERY);
            try (History history = new History(table)) {
                for (int step = 0; step < STEPS; step++) {
                    String id = IDS.get(random.nextInt(IDS.size()));
                    if (random.nextInt(25) == 0 && history.version(id) > 0) {
                        history.erase(id, 1 + random.nextLong(history.version(id)));
                    } else {
                        int ahead = random.nextInt(10) == 0 ? random.nextInt(STEPS) : 0;
                        history.append(id, random.nextInt(100), START.plusSeconds(step + ahead));
                    }
                }
                for (int question = 0; question < QUESTIONS; question++) {
                    String id = IDS.get(random.nextInt(IDS.size()));
                    AsOf asOf = switch (random.nextInt(3)) {
                        case 0 -> AsOf.END;
                        case 1 -> AsOf.version(1 + random.nextInt(STEPS / IDS.size()));
                        default -> new AsOf(null, START.plusSeconds(random.nextInt(2 * STEPS)));
                    };
                    assertThat(answer(() -> table.state(history.shard(), id, asOf)))
                            .as("seed %d, %s of %s", seed, asOf, id)
                            .isEqualTo(answer(() -> plain.folder()
                                    .from(null)
                                    .over(history.stream(id).values().iterator(), asOf)));
                }
            }
        }
    }

    @Test
    void there_is_one_every_so_many_events_and_none_that_has_an_erased_event() {
        EventTable table = table(MissingEvents.SKIP, EVERY);
        try (History history = new History(table)) {
            for (int i = 0; i < 17; i++) {
                history.append("b", 1, START);
                history.append("b-c", 1, START);
            }
            assertThat(history.kept())
                    .containsExactlyInAnyOrder(
                            key("b", 5), key("b", 10), key("b", 15), key("b-c", 5), key("b-c", 10), key("b-c", 15));

            history.erase("b", 10);
            assertThat(history.kept())
                    .containsExactlyInAnyOrder(key("b", 5), key("b-c", 5), key("b-c", 10), key("b-c", 15));

            for (int i = 0; i < 3; i++) {
                history.append("b", 1, START);
            }
            assertThat(history.kept()).as("made again, without it").contains(key("b", 5), key("b", 15), key("b", 20));
            assertThat(table.state(history.shard(), "b", AsOf.END))
                    .hasToString("Folded[version=20, state={\"pieces\": 19}]");
        }
    }

    /** As after a failure: what is kept is written before the offsets of the events. */
    @Test
    void one_that_is_ahead_of_its_events_is_passed_over() {
        EventTable table = table(MissingEvents.FAIL, EVERY);
        try (History ahead = new History(table);
                History history = new History(table)) {
            for (int i = 0; i < 10; i++) {
                ahead.append("a", 1, START);
            }
            for (int i = 0; i < 7; i++) {
                history.append("a", 1, START);
            }
            byte[] tenth = new EventKey("a", 10).toBytes();
            Objects.requireNonNull(history.driver.kept())
                    .put(
                            Bytes.wrap(tenth),
                            Objects.requireNonNull(ahead.driver.kept()).get(Bytes.wrap(tenth)));

            assertThat(table.state(history.shard(), "a", AsOf.END))
                    .hasToString("Folded[version=7, state={\"pieces\": 7}]");
        }
    }

    @Test
    void it_is_read_instead_of_the_events_before_it() {
        EventTable table = table(MissingEvents.FAIL, EVERY);
        try (History history = new History(table);
                History other = new History(table)) {
            for (int i = 0; i < 12; i++) {
                history.append("a", 1, START);
                other.append("a", 100, START);
            }
            byte[] tenth = new EventKey("a", 10).toBytes();
            Objects.requireNonNull(history.driver.kept())
                    .put(
                            Bytes.wrap(tenth),
                            Objects.requireNonNull(other.driver.kept()).get(Bytes.wrap(tenth)));

            assertThat(table.state(history.shard(), "a", AsOf.END))
                    .hasToString("Folded[version=12, state={\"pieces\": 1002}]");
            assertThat(table.state(history.shard(), "a", AsOf.version(9)))
                    .hasToString("Folded[version=9, state={\"pieces\": 9}]");
        }
    }
}
