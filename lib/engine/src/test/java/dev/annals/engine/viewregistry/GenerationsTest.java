package dev.annals.engine.viewregistry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.viewregistry.Generation.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GenerationsTest {

    private static final ViewCode CODE = new ViewCode(3, "0123456789abcdef");
    private static final Instant THEN = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-22T11:00:00Z");

    private static Generation sales(int number, Status status) {
        return new Generation(new ViewId("sales", number), CODE, status, Map.of(), THEN);
    }

    private static Generations all(Generation... all) {
        return new Generations(List.of(all));
    }

    @Test
    void the_first_that_has_caught_up_is_live_at_once() {
        assertThat(all(sales(1, Status.BUILDING)).caughtUp(new ViewId("sales", 1), NOW))
                .containsExactly(sales(1, Status.BUILDING).now(Status.LIVE, NOW));
    }

    @Test
    void another_waits_until_the_live_one_stands_still() {
        Generations before = all(sales(1, Status.LIVE), sales(2, Status.BUILDING));
        List<Generation> change = before.caughtUp(new ViewId("sales", 2), NOW);
        assertThat(change).extracting(Generation::status).containsExactly(Status.TAKING_OVER);

        Generations after = all(sales(1, Status.LIVE), change.getFirst());
        assertThat(after.isFolded(sales(1, Status.LIVE))).isFalse();
        assertThat(after.isFolded(change.getFirst())).isTrue();
        assertThat(after.live("sales")).isEqualTo(sales(1, Status.LIVE));
    }

    @Test
    void taking_over_replaces_the_live_one_and_leaves_no_moment_without() {
        assertThat(all(sales(1, Status.LIVE), sales(2, Status.TAKING_OVER)).tookOver(new ViewId("sales", 2), NOW))
                .extracting(each -> each.view().generation() + " " + each.statusName())
                .containsExactly("1 replaced", "2 live");
    }

    @Test
    void what_could_not_take_over_lets_the_live_one_go_on() {
        List<Generation> change =
                all(sales(1, Status.LIVE), sales(2, Status.TAKING_OVER)).gaveWay(new ViewId("sales", 2), NOW);

        assertThat(all(sales(1, Status.LIVE), change.getFirst()).isFolded(sales(1, Status.LIVE)))
                .isTrue();
    }

    @Test
    void a_step_that_another_has_made_already_changes_nothing() {
        Generations after = all(sales(1, Status.REPLACED), sales(2, Status.LIVE));
        ViewId two = new ViewId("sales", 2);

        assertThat(after.caughtUp(two, NOW)).isEmpty();
        assertThat(after.tookOver(two, NOW)).isEmpty();
        assertThat(after.gaveWay(two, NOW)).isEmpty();
        assertThat(after.cancelled("sales", NOW)).isEmpty();
        assertThat(after.gone(two, NOW)).isEmpty();
    }

    @Test
    void a_number_is_never_used_twice() {
        assertThat(all(sales(1, Status.LIVE), sales(2, Status.GONE))
                        .next("sales", CODE, Map.of(), NOW)
                        .view()
                        .generation())
                .isEqualTo(3);
    }

    @Test
    void only_what_was_replaced_is_dropped() {
        assertThat(all(sales(1, Status.REPLACED), sales(2, Status.LIVE), sales(3, Status.BUILDING))
                        .dropped("sales", NOW))
                .containsExactly(sales(1, Status.REPLACED).now(Status.REMOVED, NOW));
    }

    @Test
    void a_generation_is_read_as_it_was_written() {
        Generation written = new Generation(
                new ViewId("sales", 7),
                CODE,
                Status.TAKING_OVER,
                Map.of(new TopicPartition("a.orders.events", 2), 4711L),
                THEN);

        assertThat(EntryJson.read("generation/sales/7", EntryJson.write(written.json())))
                .isEqualTo(written);
        assertThat(new String(EntryJson.write(written.json()), UTF_8))
                .isEqualTo(
                        "{\"view\":\"sales\",\"generation\":7,\"code\":{\"version\":3,\"shape\":\"0123456789abcdef\"},"
                                + "\"status\":\"taking-over\",\"since\":\"2026-11-22T10:00:00Z\","
                                + "\"from\":{\"a.orders.events-2\":4711}}");
    }
}
