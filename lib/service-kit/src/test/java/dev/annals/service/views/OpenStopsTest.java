package dev.annals.service.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.viewregistry.RegistryState;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.engine.viewregistry.ViewId;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OpenStopsTest {

    private static final ViewId ORDERS = new ViewId("orders", 1);
    private static final ViewId ACCOUNTS = new ViewId("accounts", 1);
    private static final Instant TEN = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant ELEVEN = Instant.parse("2026-11-22T11:00:00Z");

    private final RegistryState registry = new RegistryState();
    private final OpenStops stops = new OpenStops(registry);

    private static Stop stop(ViewId view, int partition, long offset, Instant since) {
        return new Stop(view, new RecordPlace("events", partition, offset), null, "garbage", since);
    }

    private void committed(ViewId view, int partition, long next) {
        stops.committed(view, Map.of(new TopicPartition("events", partition), new OffsetAndMetadata(next)));
    }

    @Test
    void what_another_process_registered_holds_until_the_group_is_past_the_place() {
        Stop stop = stop(ORDERS, 2, 17, TEN);
        registry.add(stop);
        stops.refresh();
        assertThat(stops.of(ORDERS)).isEqualTo(stop);
        assertThat(stops.views()).containsExactly(ORDERS);

        committed(ORDERS, 2, 17);
        committed(ORDERS, 1, 99);
        committed(ACCOUNTS, 2, 99);
        assertThat(stops.of(ORDERS)).isEqualTo(stop);

        committed(ORDERS, 2, 18);
        assertThat(stops.of(ORDERS)).isNull();
        assertThat(stops.views()).isEmpty();
    }

    @Test
    void a_stop_holds_here_before_it_is_registered() {
        Stop stop = stop(ORDERS, 2, 17, TEN);

        assertThat(stops.add(stop)).isEqualTo(stop);
        assertThat(stops.of(ORDERS)).isEqualTo(stop);
        assertThat(stops.of(ACCOUNTS)).isNull();
    }

    @Test
    void failing_again_at_the_same_place_keeps_the_time_of_the_first_failure() {
        registry.add(stop(ORDERS, 2, 17, TEN));

        assertThat(stops.add(stop(ORDERS, 2, 17, ELEVEN)).since()).isEqualTo(TEN);
        assertThat(stops.add(stop(ORDERS, 2, 18, ELEVEN)).since()).isEqualTo(ELEVEN);
    }

    @Test
    void a_later_stop_of_the_partition_replaces_the_one_that_is_past() {
        stops.add(stop(ORDERS, 2, 17, TEN));
        committed(ORDERS, 2, 18);
        Stop later = stop(ORDERS, 2, 30, ELEVEN);
        registry.add(later);
        assertThat(stops.of(ORDERS)).isEqualTo(later);

        committed(ORDERS, 2, 31);
        assertThat(stops.of(ORDERS)).isNull();
    }

    @Test
    void a_place_that_was_past_can_stop_the_view_again() {
        stops.add(stop(ORDERS, 2, 17, TEN));
        committed(ORDERS, 2, 18);

        assertThat(stops.add(stop(ORDERS, 2, 17, ELEVEN)).since()).isEqualTo(ELEVEN);
        assertThat(stops.of(ORDERS)).isNotNull();
    }

    @Test
    void of_several_places_the_one_that_has_stood_longest_is_told() {
        registry.add(stop(ORDERS, 1, 5, ELEVEN));
        registry.add(stop(ORDERS, 2, 17, TEN));
        assertThat(stops.of(ORDERS)).isEqualTo(stop(ORDERS, 2, 17, TEN));

        committed(ORDERS, 2, 18);
        assertThat(stops.of(ORDERS)).isEqualTo(stop(ORDERS, 1, 5, ELEVEN));
    }
}
