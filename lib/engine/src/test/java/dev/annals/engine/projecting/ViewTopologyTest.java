package dev.annals.engine.projecting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.api.MissingEvents;
import dev.annals.api.View;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.Deals.DealClosed;
import dev.annals.engine.projecting.Deals.DealHandedOver;
import dev.annals.engine.projecting.Deals.DealNoted;
import dev.annals.engine.projecting.Deals.DealOpened;
import dev.annals.engine.projecting.Deals.DealSummedUp;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.ViewId;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The folds of both kinds of view; what depends on a broker is tested on one. */
class ViewTopologyTest {

    private static final Topics TOPICS = new Topics("");
    private static final AvroSerdes SERDES = new AvroSerdes(
            "dev.annals.serde.RegistryAvroSerializer",
            "dev.annals.serde.RegistryAvroDeserializer",
            Map.of(
                    "schema.registry.url", "mock://view-topology",
                    "value.subject.name.strategy", "TopicRecordNameStrategy"));

    private final RegistrySkips skips = new RegistrySkips();
    private @TempDir Path stateDir;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> events;
    private TestOutputTopic<String, byte[]> rows;

    private void start(View<?, ?> view) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, ViewTopology.applicationId(ViewId.first(view)));
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        driver = new TopologyTestDriver(
                ViewTopology.of(GenerationFolds.of(
                        view,
                        generation(view),
                        Deals.BINDING,
                        List.of(Deals.BINDING, Owners.BINDING),
                        TOPICS,
                        SERDES,
                        skips)),
                config);
        events = driver.createInputTopic("deals.events", new ByteArraySerializer(), new ByteArraySerializer());
        rows = driver.createOutputTopic(
                TOPICS.view(view.name(), 1), new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static Generation generation(View<?, ?> view) {
        return new Generation(
                ViewId.first(view),
                ViewTopology.code(Deals.TYPE, view),
                Generation.Status.LIVE,
                Map.of(),
                Instant.EPOCH);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private void pipe(String id, long version, Deals.Event event) {
        pipe(events, id, version, Deals.BINDING.toAvro(event));
    }

    private void pipe(String id, long version, Owners.Event event) {
        pipe(owners(), id, version, Owners.BINDING.toAvro(event));
    }

    private void erase(TestInputTopic<byte[], byte[]> in, String id, long version) {
        in.pipeInput(new TestRecord<>(new EventKey(id, version).toBytes(), null));
    }

    private TestInputTopic<byte[], byte[]> owners() {
        return driver.createInputTopic("owners.events", new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void pipe(TestInputTopic<byte[], byte[]> to, String id, long version, GenericRecord event) {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.TIME.put(headers, "2011-01-04T10:00:00.123456Z");
        HeaderName.AUTH_ID.put(headers, "somebody");
        byte[] value;
        try (var serializer = SERDES.newSerializer()) {
            value = serializer.serialize("any", headers, event);
        }
        to.pipeInput(new TestRecord<>(new EventKey(id, version).toBytes(), value, headers, 1_000L));
    }

    /** The rows written since the last call, as "key=version,fields" or "key=gone". */
    private List<String> written() {
        return rows.readRecordsToList().stream().map(this::text).toList();
    }

    private String text(TestRecord<String, byte[]> row) {
        if (row.value() == null) {
            return row.key() + "=gone";
        }
        try (var deserializer = SERDES.newDeserializer()) {
            GenericRecord avro = (GenericRecord) deserializer.deserialize("any", row.value());
            assertThat(avro.get("id")).hasToString(row.key());
            StringBuilder text = new StringBuilder(row.key()).append('=').append(avro.get("version"));
            for (int i = 2; i < avro.getSchema().getFields().size(); i++) {
                text.append(',').append(avro.get(i));
            }
            return text.toString();
        }
    }

    @Nested
    class A_view_that_joins_two_types {

        @Test
        void brings_the_parts_of_both_together_whichever_comes_first() {
            start(new Owners.NamedHoldings());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("ann", 1, new Owners.OwnerNamed("Ann"));
            pipe("bob", 1, new Owners.OwnerNamed("Bob"));
            pipe("1", 2, new DealHandedOver("bob"));

            assertThat(written())
                    .containsExactly("ann=1,null,1", "ann=2,Ann,1", "bob=1,Bob,0", "bob=2,Bob,1", "ann=3,Ann,0");
        }

        @Test
        void keeps_a_row_as_long_as_a_side_has_something_in_it() {
            start(new Owners.NamedHoldings());
            pipe("ann", 1, new Owners.OwnerNamed("Ann"));
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("ann", 2, new Owners.OwnerNamed("Anne"));
            pipe("ann", 3, new Owners.OwnerLeft());
            pipe("1", 2, new DealClosed());

            assertThat(written())
                    .containsExactly("ann=1,Ann,0", "ann=2,Ann,1", "ann=3,Anne,1", "ann=4,null,1", "ann=gone");
        }

        @Test
        void counts_an_event_of_either_side_once_and_their_ids_apart() {
            start(new Owners.NamedHoldings());
            pipe("ann", 1, new Owners.OwnerNamed("Ann"));
            pipe("ann", 1, new DealOpened("ann", 10));
            written();
            pipe("ann", 1, new Owners.OwnerNamed("Ann"));
            pipe("ann", 1, new DealOpened("ann", 10));

            assertThat(written()).isEmpty();
        }

        @Test
        void needs_the_types_of_all_its_sides() {
            View<?, ?> view = new Owners.NamedHoldings();
            assertThatThrownBy(() -> GenerationFolds.of(
                            view, generation(view), Deals.BINDING, List.of(Deals.BINDING), TOPICS, SERDES, skips))
                    .hasMessageContaining("no aggregate type of this installation has the events")
                    .hasMessageContaining("Owners$Event");
            start(new Owners.NamedHoldings());
        }
    }

    @Nested
    class A_view_of_aggregates {

        @Test
        void writes_the_row_with_its_key_and_the_version_of_the_aggregate() {
            start(new Deals.ByOwner());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealNoted());

            assertThat(written()).containsExactly("ann:1=1,ann,10", "ann:1=2,ann,10");
        }

        @Test
        void moves_a_row_whose_key_changes_and_shows_the_new_one_first() {
            start(new Deals.ByOwner());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealHandedOver("bob"));

            assertThat(written()).containsExactly("ann:1=1,ann,10", "bob:1=2,bob,10", "ann:1=gone");
        }

        @Test
        void removes_the_row_once_and_goes_on_counting_versions() {
            start(new Deals.ByOwner());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealClosed());
            pipe("1", 3, new DealNoted());
            pipe("1", 4, new DealOpened("bob", 5));

            assertThat(written()).containsExactly("ann:1=1,ann,10", "ann:1=gone", "bob:1=4,bob,5");
        }

        @Test
        void ignores_an_event_that_comes_again() {
            start(new Deals.ByOwner());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealHandedOver("bob"));
            written();
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealHandedOver("bob"));

            assertThat(written()).isEmpty();
        }

        @Test
        void stops_at_a_gap_and_says_where() {
            start(new Deals.ByOwner());
            pipe("1", 1, new DealOpened("ann", 10));

            assertThatThrownBy(() -> pipe("1", 3, new DealNoted()))
                    .hasRootCauseInstanceOf(ViewFailedException.class)
                    .rootCause()
                    .hasMessage("view deals-by-owner stopped at deals.events-0@1, key '1/0000000000000000003':"
                            + " events 2 to 2 of deals/1 are missing before it; if it is right to leave such events out, let "
                            + Deals.ByOwner.class.getName()
                            + ".missingEvents() say SKIP");
        }

        @Test
        void stops_at_an_event_that_can_not_be_read_and_says_where() {
            start(new Deals.ByOwner());

            assertThatThrownBy(() -> events.pipeInput(new EventKey("1", 1).toBytes(), new byte[] {1, 2, 3}))
                    .satisfies(failure -> assertThat(viewFailure(failure))
                            .hasMessageContaining("deals.events-0@0, key '1/0000000000000000001'")
                            .hasMessageContaining("can't be read"));
        }

        @Test
        void stops_at_a_key_that_is_none_of_an_event() {
            start(new Deals.ByOwner());

            assertThatThrownBy(() -> events.pipeInput("1".getBytes(StandardCharsets.UTF_8), new byte[0]))
                    .satisfies(failure -> assertThat(viewFailure(failure))
                            .hasMessageContaining("@0, key '1'")
                            .hasMessageContaining("<aggregate id>/<version as 19 digits>"));
        }

        @Test
        void stops_where_its_own_code_finds_an_error_and_says_where() {
            start(new Deals.ByOwner());

            assertThatThrownBy(() -> pipe("1", 1, new DealOpened("", 10)))
                    .satisfies(failure -> assertThat(viewFailure(failure))
                            .isInstanceOf(ViewFailedException.class)
                            .hasMessageContainingAll("deals.events-0@0", "java.lang.AssertionError: a deal of nobody"));
        }

        @Test
        void passes_over_the_event_that_it_is_told_to_and_goes_on_with_the_next() {
            start(new Deals.ByOwner());
            skips.add(new Deals.ByOwner(), "deals.events-0@1");
            pipe("1", 1, new DealOpened("ann", 10));
            events.pipeInput(new EventKey("1", 2).toBytes(), new byte[] {1, 2, 3});
            pipe("1", 3, new DealHandedOver("bob"));

            assertThat(written()).containsExactly("ann:1=1,ann,10", "bob:1=3,bob,10", "ann:1=gone");
            assertThat(skips.passedOver()).containsExactly("deals.events-0@1");
        }

        @Test
        void passes_over_that_event_alone() {
            start(new Deals.ByOwner());
            skips.add(new Deals.ByOwner(), "deals.events-0@1");
            skips.add(new Deals.ByOwner(), "deals.events-1@0");
            skips.add(new Deals.ByOwner(), "others.events-0@0");
            skips.add(new Deals.Holdings(), "deals.events-0@0");

            assertThatThrownBy(() -> events.pipeInput(new EventKey("1", 1).toBytes(), new byte[] {1, 2, 3}))
                    .satisfies(failure ->
                            assertThat(viewFailure(failure)).hasMessageContaining("stopped at deals.events-0@0"));
        }

        @Test
        void passes_over_an_event_that_it_has_folded_before_without_going_back() {
            start(new Deals.ByOwner());
            skips.add(new Deals.ByOwner(), "deals.events-0@2");
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealNoted());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 3, new DealNoted());

            assertThat(written()).containsExactly("ann:1=1,ann,10", "ann:1=2,ann,10", "ann:1=3,ann,10");
        }

        @Test
        void passes_over_the_first_event_of_an_aggregate_and_leaves_the_rest_to_the_view() {
            start(new Deals.ByOwner());
            skips.add(new Deals.ByOwner(), "deals.events-0@0");
            events.pipeInput(new EventKey("1", 1).toBytes(), new byte[] {1, 2, 3});
            pipe("1", 2, new DealOpened("ann", 10));

            assertThat(written()).containsExactly("ann:1=2,ann,10");
        }

        @Test
        void passes_over_a_record_whose_key_says_no_aggregate() {
            start(new Deals.ByOwner());
            skips.add(new Deals.ByOwner(), "deals.events-0@0");
            events.pipeInput("1".getBytes(StandardCharsets.UTF_8), new byte[0]);
            pipe("1", 1, new DealOpened("ann", 10));

            assertThat(written()).containsExactly("ann:1=1,ann,10");
        }

        @Test
        void passes_over_a_gap_with_the_event_after_it() {
            start(new Deals.ByOwner());
            skips.add(new Deals.ByOwner(), "deals.events-0@1");
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 3, new DealHandedOver("bob"));
            pipe("1", 4, new DealNoted());

            assertThat(written()).containsExactly("ann:1=1,ann,10", "ann:1=4,ann,10");
        }

        @Test
        void hands_on_the_time_of_the_event_and_nothing_private() {
            start(new Deals.ByOwner());
            pipe("1", 1, new DealOpened("ann", 10));

            TestRecord<String, byte[]> row = rows.readRecord();

            assertThat(HeaderName.TIME.in(row.headers())).isEqualTo("2011-01-04T10:00:00.123456Z");
            assertThat(HeaderName.AUTH_ID.in(row.headers())).isNull();
            assertThat(row.timestamp()).isEqualTo(1_000L);
        }

        @Test
        void has_times_in_milliseconds_and_keys_of_these_so_that_no_row_moves_when_it_is_read_again() {
            start(new Deals.ByTime());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealNoted());

            long millis = Instant.parse("2011-01-04T10:00:00.123Z").toEpochMilli();
            assertThat(written())
                    .containsExactly(
                            "2011-01-04T10:00:00.123Z:1=1," + millis + ",ann",
                            "2011-01-04T10:00:00.123Z:1=2," + millis + ",ann");
        }
    }

    @Nested
    class A_row {

        @Test
        void is_read_by_the_sdk_of_cloud_events() {
            start(new Deals.ByOwner());
            pipe("1", 1, new DealOpened("ann", 10));

            TestRecord<String, byte[]> record = rows.readRecord();
            CloudEvent row = cloudEvent(record);
            assertThat(row.getId()).isEqualTo("deals-by-owner/1/ann:1/1");
            assertThat(row.getSource()).isEqualTo(URI.create("/annals/views/deals-by-owner"));
            assertThat(row.getType()).isEqualTo("annals.views.DealRow");
            assertThat(row.getSubject()).isEqualTo("ann:1");
            assertThat(row.getTime()).isEqualTo(OffsetDateTime.parse("2011-01-04T10:00:00.123456Z"));
            assertThat(row.getDataContentType()).isEqualTo("application/avro");
            assertThat(Objects.requireNonNull(row.getData()).toBytes()).isEqualTo(record.value());
        }

        @Test
        void that_is_gone_is_an_event_without_data() {
            start(new Deals.ByOwner());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealClosed());

            TestRecord<String, byte[]> record = rows.readRecordsToList().getLast();
            CloudEvent gone = cloudEvent(record);
            assertThat(record.value()).isNull();
            assertThat(gone.getId()).isEqualTo("deals-by-owner/1/ann:1/2");
            assertThat(gone.getType()).isEqualTo("annals.views.DealRow");
            assertThat(gone.getSubject()).isEqualTo("ann:1");
            assertThat(gone.getDataContentType()).isNull();
            assertThat(gone.getData()).isNull();
        }

        @Test
        void has_an_id_that_no_other_record_of_its_view_has() {
            start(new Deals.Holdings());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealHandedOver("bob"));
            pipe("1", 3, new DealHandedOver("ann"));

            assertThat(rows.readRecordsToList())
                    .extracting(row -> cloudEvent(row).getId())
                    .containsExactly(
                            "holdings/1/ann/1",
                            "holdings/1/bob/1",
                            "holdings/1/ann/2",
                            "holdings/1/ann/3",
                            "holdings/1/bob/2");
        }

        private CloudEvent cloudEvent(TestRecord<String, byte[]> record) {
            try (var sdk = new CloudEventDeserializer()) {
                return sdk.deserialize("any", record.headers(), record.value());
            }
        }
    }

    @Nested
    class A_view_where_events_have_expired {

        @Test
        void begins_with_the_summary() {
            start(new Deals.ByOwner());
            pipe("1", 7, new DealSummedUp("ann", 10));
            pipe("1", 8, new DealHandedOver("bob"));

            assertThat(written()).containsExactly("ann:1=7,ann,10", "bob:1=8,bob,10", "ann:1=gone");
        }

        @Test
        void has_the_summary_replace_what_it_had_whether_or_not_it_has_seen_all() {
            start(new Deals.ByOwner());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealSummedUp("bob", 10));
            pipe("1", 9, new DealSummedUp("cid", 10));
            erase(events, "1", 8);

            assertThat(written())
                    .containsExactly("ann:1=1,ann,10", "bob:1=2,bob,10", "ann:1=gone", "cid:1=9,cid,10", "bob:1=gone");
        }

        @Test
        void takes_out_of_its_sums_what_it_had_put_in() {
            start(new Deals.Holdings());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("2", 1, new DealOpened("ann", 5));
            pipe("1", 4, new DealSummedUp("ann", 30));

            assertThat(written()).containsExactly("ann=1,ann,1,10", "ann=2,ann,2,15", "ann=3,ann,2,35");
        }

        @Test
        void passes_over_what_says_so_when_the_summary_of_then_has_left_too() {
            start(new Deals.ByOwner());
            expire("1", 2);
            expire("1", 1);
            pipe("1", 9, new DealSummedUp("ann", 10));
            expire("1", 8);
            pipe("1", 10, new DealNoted());

            assertThat(written()).containsExactly("ann:1=9,ann,10", "ann:1=10,ann,10");
        }

        private void expire(String id, long version) {
            RecordHeaders headers = new RecordHeaders();
            HeaderName.EXPIRED.put(headers, "3");
            events.pipeInput(new TestRecord<>(new EventKey(id, version).toBytes(), null, headers));
        }

        @Test
        void still_stops_where_anything_else_is_missing() {
            start(new Deals.ByOwner());
            pipe("1", 3, new DealSummedUp("ann", 10));

            assertThatThrownBy(() -> pipe("1", 5, new DealNoted()))
                    .rootCause()
                    .hasMessageContainingAll("events 4 to 4 of deals/1 are missing");
        }
    }

    /** The log as it is: before the cleaner came a tombstone stands behind all, after that the event is gone. */
    @Nested
    class A_view_where_an_event_was_erased {

        @Test
        void stops_before_its_tombstone_and_says_what_would_let_it_go_on() {
            start(new Deals.ByOwner());
            pipe("1", 1, new DealOpened("ann", 10));

            assertThatThrownBy(() -> erase(events, "1", 2))
                    .rootCause()
                    .isInstanceOf(ViewFailedException.class)
                    .hasMessageContainingAll("deals.events-0@1", "has been erased", "missingEvents()", "SKIP");
            assertThat(written()).containsExactly("ann:1=1,ann,10");
        }

        @Test
        void stops_before_the_gap_that_it_left_and_says_what_would_let_it_go_on() {
            start(new Deals.ByOwner());
            pipe("1", 1, new DealOpened("ann", 10));

            assertThatThrownBy(() -> pipe("1", 3, new DealNoted()))
                    .rootCause()
                    .hasMessageContainingAll("events 2 to 2 of deals/1 are missing", "SKIP");
        }

        @ParameterizedTest
        @EnumSource
        void has_what_the_event_did_where_that_came_before_its_tombstone(MissingEvents either) {
            start(new Deals.ByOwner(either));
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealHandedOver("bob"));
            erase(events, "1", 2);
            pipe("1", 3, new DealNoted());

            assertThat(written()).endsWith("bob:1=3,bob,10");
        }

        @Test
        void leaves_it_out_where_it_may_and_the_tombstone_comes_in_its_place() {
            start(new Deals.ByOwner(MissingEvents.SKIP));
            pipe("1", 1, new DealOpened("ann", 10));
            erase(events, "1", 2);
            assertThat(written()).containsExactly("ann:1=1,ann,10");

            pipe("1", 3, new DealNoted());
            assertThat(written()).containsExactly("ann:1=3,ann,10");
        }

        @Test
        void leaves_it_out_where_it_may_and_the_tombstone_comes_behind_later_events_or_never() {
            start(new Deals.ByOwner(MissingEvents.SKIP));
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 4, new DealHandedOver("bob"));
            erase(events, "1", 2);
            pipe("1", 5, new DealNoted());

            assertThat(written()).containsExactly("ann:1=1,ann,10", "bob:1=4,bob,10", "ann:1=gone", "bob:1=5,bob,10");
            assertThat(skips.offsetResets()).isEmpty();
        }

        @Test
        void leaves_the_first_event_out_and_the_rest_to_the_view() {
            start(new Deals.ByOwner(MissingEvents.SKIP));
            pipe("1", 2, new DealOpened("ann", 10));
            erase(events, "1", 1);
            erase(events, "2", 1);
            pipe("2", 2, new DealHandedOver("bob"));

            assertThat(written()).containsExactly("ann:1=2,ann,10");
        }

        @Test
        void sums_up_without_it() {
            start(new Deals.Holdings(MissingEvents.SKIP));
            pipe("1", 1, new DealOpened("ann", 10));
            erase(events, "1", 2);
            pipe("1", 4, new DealHandedOver("bob"));

            assertThat(written()).containsExactly("ann=1,ann,1,10", "bob=1,bob,1,10", "ann=gone");
        }

        @Test
        void joins_without_it() {
            start(new Owners.NamedHoldings(MissingEvents.SKIP));
            pipe("1", 2, new DealOpened("ann", 10));
            erase(owners(), "ann", 1);
            pipe("ann", 2, new Owners.OwnerNamed("Ann"));

            assertThat(written()).containsExactly("ann=1,null,1", "ann=2,Ann,1");
        }

        @Test
        void passes_over_nothing_that_it_can_not_read() {
            start(new Deals.ByOwner(MissingEvents.SKIP));
            assertThatThrownBy(() -> events.pipeInput(new EventKey("1", 1).toBytes(), new byte[] {1, 2, 3}))
                    .satisfies(failure -> assertThat(viewFailure(failure)).hasMessageContaining("can't be read"));
        }

        @Test
        void is_the_same_fold_whatever_it_says_of_erased_events() {
            start(new Deals.ByOwner(MissingEvents.SKIP)); // which goes on where one stopped that refused
            assertThat(ViewTopology.code(Deals.TYPE, new Deals.ByOwner(MissingEvents.SKIP)))
                    .isEqualTo(ViewTopology.code(Deals.TYPE, new Deals.ByOwner(MissingEvents.FAIL)));
        }
    }

    @Nested
    class A_view_of_groups {

        @Test
        void adds_up_what_each_group_holds() {
            start(new Deals.Holdings());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("2", 1, new DealOpened("ann", 5));
            pipe("3", 1, new DealOpened("bob", 1));

            assertThat(written()).containsExactly("ann=1,ann,1,10", "ann=2,ann,2,15", "bob=1,bob,1,1");
        }

        @Test
        void moves_a_part_to_its_new_group_and_removes_an_empty_one() {
            start(new Deals.Holdings());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("2", 1, new DealOpened("bob", 5));
            written();
            pipe("1", 2, new DealHandedOver("bob"));

            assertThat(written()).containsExactly("bob=2,bob,2,15", "ann=gone");
        }

        @Test
        void does_not_remove_the_row_of_a_group_whose_only_part_changes() {
            start(new Deals.Holdings());
            pipe("1", 1, new DealOpened("ann", 10));
            written();
            pipe("1", 2, new DealOpened("ann", 7));

            assertThat(written()).containsExactly("ann=2,ann,1,7");
        }

        @Test
        void writes_nothing_where_the_part_stays_the_same() {
            start(new Deals.Holdings());
            pipe("1", 1, new DealOpened("ann", 10));
            written();
            pipe("1", 2, new DealNoted());

            assertThat(written()).isEmpty();
        }

        @Test
        void counts_an_event_that_comes_again_once() {
            start(new Deals.Holdings());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealClosed());
            pipe("2", 1, new DealOpened("ann", 5));
            written();
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("2", 1, new DealOpened("ann", 5));

            assertThat(written()).isEmpty();
        }

        @Test
        void goes_on_counting_a_groups_versions_after_its_row_was_removed() {
            start(new Deals.Holdings());
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("1", 2, new DealClosed());
            pipe("1", 3, new DealOpened("ann", 3));

            assertThat(written()).containsExactly("ann=1,ann,1,10", "ann=gone", "ann=3,ann,1,3");
        }
    }

    /** Both steps of a view of groups: the fold of the aggregate, and the sum of the group. */
    @Nested
    class A_view_of_groups_that_passes_over_records {

        @Test
        void leaves_an_event_out_of_its_part() {
            start(new Deals.Holdings());
            skips.add(new Deals.Holdings(), "deals.events-0@1");
            pipe("1", 1, new DealOpened("ann", 10));
            events.pipeInput(new EventKey("1", 2).toBytes(), new byte[] {1, 2, 3});
            pipe("1", 3, new DealHandedOver("bob"));

            assertThat(written()).containsExactly("ann=1,ann,1,10", "bob=1,bob,1,10", "ann=gone");
        }

        @Test
        void leaves_a_change_out_of_the_sum() {
            start(new Deals.Holdings());
            String changes = ViewTopology.applicationId(ViewId.first(new Deals.Holdings())) + "-parts-repartition";
            skips.add(new Deals.Holdings(), changes + "-0@1");
            pipe("1", 1, new DealOpened("ann", 10));
            pipe("2", 1, new DealOpened("ann", 5));
            pipe("3", 1, new DealOpened("ann", 1));

            assertThat(written()).containsExactly("ann=1,ann,1,10", "ann=2,ann,2,11");
            assertThat(skips.passedOver()).containsExactly(changes + "-0@1");
        }
    }

    private static Throwable viewFailure(Throwable failure) {
        Throwable each = failure;
        while (!(each instanceof ViewFailedException) && each.getCause() != null) {
            each = each.getCause();
        }
        return each;
    }
}
