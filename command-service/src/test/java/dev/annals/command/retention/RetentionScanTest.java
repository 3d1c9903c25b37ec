package dev.annals.command.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Events of day n expire when they are before day 100; summaries are asked for of those before day 190. */
class RetentionScanTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String SUMMARY = "annals.tests.SummedUp";

    private final RetentionScan scan = scan(0, 1, 100);

    private static Instant day(int day) {
        return START.plusSeconds(day * 86_400L);
    }

    private static RetentionScan scan(int slice, int slices, int most) {
        return new RetentionScan(new RetentionScan.Limits(day(100), day(190), slice, slices, most), SUMMARY::equals);
    }

    private static ConsumerRecord<byte[], byte[]> record(String id, long version, int day, String type, byte[] value) {
        var record = new ConsumerRecord<>("tests.events", 0, 0L, new EventKey(id, version).toBytes(), value);
        HeaderName.TYPE.put(record.headers(), type);
        HeaderName.TIME.put(record.headers(), day(day).toString());
        return record;
    }

    private RetentionScanTest event(String id, long version, int day) {
        scan.take(record(id, version, day, "annals.tests.Counted", new byte[1]));
        return this;
    }

    private RetentionScanTest summary(String id, long version, int day) {
        scan.take(record(id, version, day, SUMMARY, new byte[1]));
        return this;
    }

    @SuppressWarnings("NullAway") // a tombstone
    private RetentionScanTest tombstone(String id, long version, boolean expired) {
        var record = record(id, version, 200, "", null);
        HeaderName.EXPIRED.put(record.headers(), expired ? "9" : null);
        scan.take(record);
        return this;
    }

    private static List<String> expired(RetentionScan scan) {
        List<String> keys = new ArrayList<>();
        scan.forEachExpired(
                (event, summary) -> keys.add("%s:%d<%d".formatted(event.aggregateId(), event.version(), summary)));
        return keys;
    }

    private static List<String> unsummarized(RetentionScan scan) {
        List<String> ids = new ArrayList<>();
        scan.forEachUnsummarized((id, version) -> ids.add(id + "@" + version));
        return ids;
    }

    @Test
    void old_events_before_a_summary_leave_the_newest_first() {
        event("a", 1, 10).event("a", 2, 20).summary("a", 3, 150).event("a", 4, 160);

        assertThat(expired(scan)).containsExactly("a:2<3", "a:1<3");
    }

    @Test
    void an_event_of_a_version_that_nobody_reached_costs_no_more_than_others() {
        event("a", 1, 10)
                .event("a", EventKey.MAX_VERSION - 2, 20)
                .summary("a", EventKey.MAX_VERSION - 1, 150)
                .event("a", EventKey.MAX_VERSION, 160);

        assertThat(expired(scan)).containsExactly("a:1099511627774<1099511627775", "a:1<1099511627775");
    }

    @Test
    void nothing_leaves_while_one_event_before_the_summary_is_young() {
        event("a", 1, 10).event("a", 2, 101).summary("a", 3, 150);

        assertThat(expired(scan)).isEmpty();
    }

    @Test
    void the_last_summary_counts_before_which_all_is_old() {
        event("a", 1, 10)
                .summary("a", 2, 30)
                .event("a", 3, 40)
                .summary("a", 4, 60)
                .event("a", 5, 120)
                .summary("a", 6, 130);

        assertThat(expired(scan)).containsExactly("a:3<4", "a:2<4", "a:1<4");
    }

    @Test
    void nothing_leaves_that_no_summary_stands_for() {
        event("a", 1, 10).event("a", 2, 20);

        assertThat(expired(scan)).isEmpty();
        assertThat(unsummarized(scan)).containsExactly("a@2");
    }

    @Test
    void what_has_left_does_not_leave_again() {
        event("a", 1, 10)
                .event("a", 2, 20)
                .summary("a", 3, 150)
                .tombstone("a", 2, true)
                .tombstone("a", 1, true);

        assertThat(expired(scan)).isEmpty();
        assertThat(unsummarized(scan)).isEmpty();
    }

    @Test
    void what_somebody_erased_is_among_what_leaves() {
        event("a", 1, 10)
                .event("a", 3, 20)
                .tombstone("a", 2, false)
                .summary("a", 4, 150)
                .tombstone("a", 1, false);

        assertThat(expired(scan)).containsExactly("a:3<4", "a:2<4", "a:1<4");
    }

    @Test
    void a_stream_that_begins_with_its_summary_is_left_alone() {
        summary("a", 3, 10);

        assertThat(expired(scan)).isEmpty();
        assertThat(unsummarized(scan)).isEmpty();
    }

    @Test
    void books_are_closed_of_what_is_not_so_young_any_more_and_not_summed_up() {
        event("old", 1, 180).summary("old", 2, 181).event("old", 3, 185);
        event("summed", 1, 180).summary("summed", 2, 195);
        event("young", 1, 191);
        event("mixed", 1, 180).summary("mixed", 2, 181).event("mixed", 3, 195);

        assertThat(unsummarized(scan)).containsExactly("old@3");
    }

    @Test
    void an_event_without_a_time_of_its_own_has_that_of_its_record() {
        var record = new ConsumerRecord<>("tests.events", 0, 0L, new EventKey("a", 1).toBytes(), new byte[1]);
        scan.take(record); // of 1969, as it says nothing
        scan.take(new ConsumerRecord<>("tests.events", 0, 1L, new byte[] {1}, new byte[1]));

        assertThat(unsummarized(scan)).containsExactly("a@1");
    }

    @Test
    void too_many_aggregates_are_looked_at_in_slices() {
        List<String> ids = List.of("a", "b", "c", "d", "e", "f");
        RetentionScan few = scan(0, 1, 5);
        ids.forEach(id -> few.take(record(id, 1, 10, "annals.tests.Counted", new byte[1])));
        assertThat(few.isFull()).isTrue();
        assertThat(unsummarized(few)).isEmpty();

        List<String> seen = new ArrayList<>();
        for (int slice = 0; slice < 4; slice++) {
            RetentionScan part = scan(slice, 4, 5);
            ids.forEach(id -> part.take(record(id, 1, 10, "annals.tests.Counted", new byte[1])));
            assertThat(part.isFull()).isFalse();
            seen.addAll(unsummarized(part));
        }
        assertThat(seen).containsExactlyInAnyOrder("a@1", "b@1", "c@1", "d@1", "e@1", "f@1");
    }
}
