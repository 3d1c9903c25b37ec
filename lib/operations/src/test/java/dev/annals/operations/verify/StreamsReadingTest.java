package dev.annals.operations.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.BooksClosed;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountStatus;
import dev.annals.accounts.AccountsDomain;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.verify.TypeReport.Finding;
import dev.annals.operations.verify.TypeReport.Finding.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamsReadingTest {

    private static final AggregateBinding<?, ?, AccountEvent> ACCOUNTS =
            AggregateBinding.of(new AccountsDomain().aggregate());
    private static final KafkaAccess KAFKA =
            new KafkaAccess("nowhere:1", "mock://streams-reading", new Topics(""), Map.of());
    private static final String TOPIC = "accounts.events";

    private final Deserializer<Object> deserializer = KAFKA.serdes().newDeserializer();
    private final Serializer<Object> serializer = KAFKA.serdes().newSerializer();
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private int partition;
    private long time;

    @AfterEach
    void close() {
        deserializer.close();
        serializer.close();
    }

    @Test
    void whole_streams_have_no_findings() {
        event("a", 1, "c1", "10");
        event("a", 2, "c1", "20");
        event("b", 1, "c1", "10"); // an id belongs to its aggregate
        event("a", 3, "c2", "30");

        TypeReport read = read();
        assertThat(read.findings()).isEmpty();
        assertThat(read.events()).isEqualTo(4);
        assertThat(read.aggregates()).isEqualTo(2);
        assertThat(read.erased()).isZero();
    }

    @Test
    void missing_versions_are_found() {
        event("a", 1, "c1", "10");
        event("a", 4, "c2", "10");
        event("b", 2, "c3", "10");

        assertThat(read().findings())
                .extracting(Finding::kind, Finding::key, Finding::text)
                .containsExactly(
                        tuple(Kind.GAP, "a", "versions 2 to 3 are missing"),
                        tuple(Kind.GAP, "b", "versions 1 to 1 are missing"));
    }

    @Test
    void a_version_with_two_contents_is_found_but_the_same_event_again_is_none() {
        event("a", 1, "c1", "10");
        event("b", 1, "c1", "10");
        event("b", 1, "c1", "10");
        assertThat(read().findingCount()).isZero();
        assertThat(read().events()).isEqualTo(2);

        event("a", 1, "c1", "11");
        assertThat(read().findings())
                .extracting(Finding::kind, Finding::key)
                .containsExactly(tuple(Kind.DOUBLED_VERSION, new EventKey("a", 1).toString()));
    }

    @Test
    void a_command_that_took_effect_twice_is_found_unless_its_id_was_forgotten_by_then() {
        event("a", 1, "c1", "10");
        event("a", 2, "c2", "10");
        event("a", 3, "c1", "10");
        assertThat(read().findings()).extracting(Finding::kind).containsExactly(Kind.DOUBLED_COMMAND);

        records.removeLast();
        time = Duration.ofHours(24).toMillis() + 1;
        event("a", 3, "c1", "10");
        assertThat(read().findingCount()).isZero();
    }

    @Test
    void others_events_amid_those_of_a_command_are_found_in_their_partition_only() {
        event("a", 1, "c1", "10");
        partition = 1;
        event("b", 1, "c2", "10");
        partition = 0;
        event("a", 2, "c1", "10");
        assertThat(read().findingCount()).isZero();

        event("c", 1, "c3", "10");
        event("a", 3, "c1", "10");
        assertThat(read().findings()).extracting(Finding::kind).containsExactly(Kind.SCATTERED_COMMAND);
    }

    @Test
    void what_cant_be_read_is_found() {
        event("a", 1, "c1", "10");
        record("a", 2, "c2", new byte[] {1, 2, 3});
        records.add(new ConsumerRecord<>(TOPIC, 0, 7, "no key".getBytes(UTF_8), null));

        assertThat(read().findings()).extracting(Finding::kind).containsExactly(Kind.UNREADABLE, Kind.UNREADABLE);
    }

    @Test
    void an_erased_event_is_counted_and_leaves_no_trace_in_the_hash_however_far_it_is_cleaned_away() {
        event("a", 1, "c1", "10");
        event("a", 2, "c2", "20");
        event("a", 3, "c3", "30");
        String whole = read().hash();
        record("a", 2, "c2", null);
        TypeReport erasedLater = read();
        records.remove(1);
        TypeReport compacted = read();
        records.removeLast();
        TypeReport cleaned = read();

        for (TypeReport told : List.of(erasedLater, compacted)) {
            assertThat(told.erased()).isEqualTo(1);
            assertThat(told.findings()).isEmpty();
            assertThat(told.events()).isEqualTo(2);
        }
        assertThat(cleaned.erased()).isZero();
        assertThat(cleaned.findings()).extracting(Finding::kind).containsExactly(Kind.GAP);
        assertThat(List.of(erasedLater.hash(), compacted.hash(), cleaned.hash()))
                .containsOnly(cleaned.hash())
                .doesNotContain(whole);
    }

    @Test
    void what_has_expired_before_a_summary_is_no_gap_and_leaves_no_trace_in_the_hash() {
        event("a", 1, "c1", "10");
        event("a", 2, "c2", "20");
        summary("a", 3);
        event("a", 4, "c4", "10");
        expire("a", 2);
        expire("a", 1);
        TypeReport expiredLater = read();
        records.subList(0, 2).clear();
        TypeReport compacted = read();
        records.subList(2, 4).clear();
        TypeReport cleaned = read();

        for (TypeReport told : List.of(expiredLater, compacted, cleaned)) {
            assertThat(told.findings()).isEmpty();
            assertThat(told.events()).isEqualTo(2);
            assertThat(told.hash()).isEqualTo(cleaned.hash());
        }
        assertThat(expiredLater.erased()).isEqualTo(2);
        assertThat(List.of(compacted.expired(), cleaned.expired())).containsOnly(2L);
        assertThat(compacted.erased()).isZero();
    }

    @Test
    void tombstones_whose_summary_has_left_in_its_turn_are_explained_by_the_next() {
        expire("a", 2);
        expire("a", 1);
        summary("a", 7);
        expire("a", 6);
        event("a", 9, "c9", "10");

        TypeReport read = read();
        assertThat(read.expired()).isEqualTo(6);
        assertThat(read.erased()).isZero();
        assertThat(read.findings()).extracting(Finding::text).containsExactly("versions 8 to 8 are missing");
    }

    @Test
    void a_tombstone_behind_later_events_explains_its_own_version_alone() {
        event("a", 5, "c1", "10");
        record("a", 3, "c2", null);
        record("a", 5, "c1", null); // none that was missing
        record("b", 4, "c3", null);

        TypeReport read = read();
        assertThat(read.erased()).isEqualTo(3);
        assertThat(read.events()).isZero();
        assertThat(read.findings())
                .extracting(Finding::key, Finding::text)
                .containsExactlyInAnyOrder(
                        tuple("a", "versions 1 to 2 are missing"),
                        tuple("a", "versions 4 to 4 are missing"),
                        tuple("b", "versions 1 to 3 are missing"));
    }

    @Test
    void the_hash_does_not_depend_on_partitions_times_of_arrival_and_schema_ids() {
        event("a", 1, "c1", "10");
        event("b", 1, "c1", "10");
        String hash = read().hash();
        records.clear();
        time = 99;
        partition = 5;
        event("b", 1, "c1", "10");
        event("a", 1, "c1", "10");
        assertThat(read().hash()).isEqualTo(hash);

        records.removeLast();
        event("a", 1, "c1", "10.01");
        assertThat(read().hash()).isNotEqualTo(hash);
    }

    private TypeReport read() {
        StreamsReading first = StreamsReading.first(new EventDecoder(ACCOUNTS, deserializer), Duration.ofHours(24), 10);
        records.forEach(first::take);
        StreamsReading second = first.another();
        if (second == null) {
            return first.report("accounts");
        }
        records.forEach(second::take);
        return second.report("accounts");
    }

    private void event(String id, long version, String command, String amount) {
        record(
                id,
                version,
                command,
                serializer.serialize(TOPIC, ACCOUNTS.toAvro(new MoneyDeposited(new BigDecimal(amount), null, null))));
    }

    private void summary(String id, long version) {
        var books = new BooksClosed(
                "ada",
                "EUR",
                BigDecimal.ZERO,
                BigDecimal.TEN,
                BigDecimal.ZERO,
                version - 1,
                AccountStatus.OPEN,
                0,
                List.of());
        record(id, version, "closing-" + version, serializer.serialize(TOPIC, ACCOUNTS.toAvro(books)));
        HeaderName.TYPE.put(records.getLast().headers(), "annals.accounts.BooksClosed");
    }

    private void expire(String id, long version) {
        record(id, version, null, null);
        HeaderName.EXPIRED.put(records.getLast().headers(), "3");
    }

    private void record(String id, long version, @Nullable String command, byte @Nullable [] value) {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.CAUSATION_ID.put(headers, command);
        byte[] key = new EventKey(id, version).toBytes();
        records.add(new ConsumerRecord<>(
                TOPIC,
                partition,
                records.size(),
                time,
                TimestampType.CREATE_TIME,
                key.length,
                value == null ? 0 : value.length,
                key,
                value,
                headers,
                Optional.empty()));
    }
}
