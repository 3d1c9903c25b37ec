package dev.annals.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which chains of upcasters there can be, and what comes of a record. */
class UpcastingTest {

    sealed interface Event {}

    record Opened(String name) implements Event {}

    record Filled(int pieces) implements Event {}

    /** Of the first release. */
    record Begun(String nameAndPieces) {}

    /** Of the second. */
    record Started(String name, int pieces) {}

    record Looked() {}

    private static final Upcaster<Begun, Started> FIRST = Upcaster.of(Begun.class, Started.class, old -> {
        String[] parts = old.nameAndPieces().split(":", 2);
        return new Started(parts[0], Integer.parseInt(parts[1]));
    });
    private static final Upcaster<Started, Event> SECOND = Upcaster.split(
            Started.class, Event.class, old -> List.of(new Opened(old.name()), new Filled(old.pieces())));

    private static Upcasting<Event> upcasting(Upcaster<?, ?>... upcasters) {
        return new Upcasting<>(Event.class, List.of(upcasters));
    }

    @Test
    void an_event_of_today_is_itself() {
        assertThat(upcasting(FIRST, SECOND).apply(new Opened("a"))).containsExactly(new Opened("a"));
    }

    @Test
    void a_record_becomes_several_events_in_order() {
        assertThat(upcasting(SECOND).apply(new Started("a", 3))).containsExactly(new Opened("a"), new Filled(3));
    }

    @Test
    void a_chain_is_followed_to_its_end_in_whatever_order_it_is_listed() {
        assertThat(upcasting(FIRST, SECOND).apply(new Begun("a:3"))).containsExactly(new Opened("a"), new Filled(3));
        assertThat(upcasting(SECOND, FIRST).apply(new Begun("a:3"))).containsExactly(new Opened("a"), new Filled(3));
    }

    @Test
    void a_retired_record_becomes_nothing_also_at_the_end_of_a_chain() {
        var viaRetired = Upcaster.of(Begun.class, Looked.class, old -> new Looked());

        assertThat(upcasting(viaRetired, Upcaster.retired(Looked.class)).apply(new Begun("a:3")))
                .isEmpty();
    }

    @Test
    void a_record_that_nobody_knows_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> upcasting(SECOND).apply(new Looked()))
                .withMessageContaining("Looked is no event of Event");
    }

    @Test
    void one_record_becomes_a_limited_number_of_events() {
        var many = Upcaster.split(
                Started.class, Event.class, old -> Collections.nCopies(old.pieces(), new Opened(old.name())));

        assertThat(upcasting(many).apply(new Started("a", Upcasting.MAX_EVENTS)))
                .hasSize(Upcasting.MAX_EVENTS);
        assertThatIllegalStateException()
                .isThrownBy(() -> upcasting(many).apply(new Started("a", Upcasting.MAX_EVENTS + 1)))
                .withMessageContaining("more than 1000 events");
    }

    @Test
    void a_circle_is_refused() {
        var back = Upcaster.of(Started.class, Begun.class, old -> new Begun(old.name()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> upcasting(FIRST, back))
                .withMessage("upcasters go in a circle: Begun → Started → Begun");
    }

    @Test
    void two_upcasters_of_one_record_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> upcasting(SECOND, Upcaster.retired(Started.class)))
                .withMessageContaining("two upcasters from Started");
    }

    @Test
    void an_upcaster_of_an_event_of_today_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> upcasting(Upcaster.retired(Opened.class)))
                .withMessageContaining("upcaster from Opened: it is an event of today");
    }

    @Test
    void a_chain_that_leads_nowhere_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> upcasting(FIRST))
                .withMessageContaining("upcaster from Begun to Started: that is neither an event of Event nor");
    }

    @Test
    void a_chain_of_too_many_steps_is_refused() {
        List<Class<? extends Record>> shapes = List.of(
                S0.class, S1.class, S2.class, S3.class, S4.class, S5.class, S6.class, S7.class, S8.class, S9.class,
                S10.class, S11.class, S12.class, S13.class, S14.class, S15.class, S16.class);
        assertThat(shapes).hasSize(Upcasting.MAX_STEPS + 1);
        Upcaster<?, ?>[] tooLong = new Upcaster<?, ?>[shapes.size()];
        for (int i = 0; i < shapes.size(); i++) {
            tooLong[i] =
                    i + 1 < shapes.size() ? step(shapes.get(i), shapes.get(i + 1)) : Upcaster.retired(shapes.get(i));
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() -> upcasting(tooLong))
                .withMessageContaining("S0 → S1 → ")
                .withMessageContaining("more than 16 steps");
    }

    private static <T extends Record, R extends Record> Upcaster<T, R> step(Class<T> from, Class<R> to) {
        return Upcaster.split(from, to, old -> List.of());
    }

    record S0() {}

    record S1() {}

    record S2() {}

    record S3() {}

    record S4() {}

    record S5() {}

    record S6() {}

    record S7() {}

    record S8() {}

    record S9() {}

    record S10() {}

    record S11() {}

    record S12() {}

    record S13() {}

    record S14() {}

    record S15() {}

    record S16() {}
}
