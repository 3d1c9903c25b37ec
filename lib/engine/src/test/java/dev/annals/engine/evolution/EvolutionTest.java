package dev.annals.engine.evolution;

import static dev.annals.engine.evolution.OldEvents.addressesGiven;
import static dev.annals.engine.evolution.OldEvents.cartLookedAt;
import static dev.annals.engine.evolution.OldEvents.itemAdded;
import static dev.annals.engine.evolution.OldEvents.itemPut;
import static dev.annals.engine.evolution.OldEvents.itemPutInPieces;
import static dev.annals.engine.evolution.OldEvents.itemSwapped;
import static dev.annals.engine.evolution.OldEvents.nameChanged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.api.Upcaster;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.UnknownRecordException;
import dev.annals.engine.evolution.Carts.Address;
import dev.annals.engine.evolution.Carts.AddressesGiven;
import dev.annals.engine.evolution.Carts.Cart;
import dev.annals.engine.evolution.Carts.CartLookedAt;
import dev.annals.engine.evolution.Carts.Event;
import dev.annals.engine.evolution.Carts.ItemAdded;
import dev.annals.engine.evolution.Carts.ItemRemoved;
import dev.annals.engine.evolution.Carts.LabelChanged;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What earlier releases wrote, as bytes in the Confluent wire format, is read as today's events everywhere. */
class EvolutionTest {

    /** What happened to a cart over three releases. */
    static final List<GenericRecord> STREAM = List.of(
            itemPut("2 x LANTERN"),
            itemPutInPieces("HEART", 3),
            nameChanged("party"),
            itemSwapped("LANTERN", "GLASS"),
            cartLookedAt("ann"),
            itemAdded("GLASS", 4),
            addressesGiven("Mill Lane 1", "York"),
            Carts.BINDING.toAvro(new ItemAdded("TEA", 1, "box")));

    private final StoredBytes bytes = new StoredBytes("mock://evolution");

    @AfterEach
    void close() {
        bytes.close();
    }

    private List<Event> events(AggregateBinding<?, ?, Event> binding, GenericRecord written) {
        return binding.events(bytes.roundTrip(written));
    }

    static Stream<Arguments> meanings() {
        return Stream.of(
                Arguments.argumentSet(
                        "a new field has its default", itemAdded("GLASS", 4), List.of(ItemAdded.of("GLASS", 4))),
                Arguments.argumentSet(
                        "a renamed type and field", nameChanged("party"), List.of(new LabelChanged("party"))),
                Arguments.argumentSet(
                        "nested records of a renamed type",
                        addressesGiven("Mill Lane 1", "York"),
                        List.of(new AddressesGiven(
                                new Address("Mill Lane 1", "York", "GB"),
                                List.of(new Address("Mill Lane 1", "York", "GB"))))),
                Arguments.argumentSet(
                        "a split event, in order",
                        itemSwapped("LANTERN", "GLASS"),
                        List.of(new ItemRemoved("LANTERN", 1), ItemAdded.of("GLASS", 1))),
                Arguments.argumentSet("a retired event", cartLookedAt("ann"), List.of()),
                Arguments.argumentSet("two steps", itemPut("2 x LANTERN"), List.of(ItemAdded.of("LANTERN", 2))),
                Arguments.argumentSet(
                        "the second of two steps", itemPutInPieces("HEART", 3), List.of(ItemAdded.of("HEART", 3))));
    }

    @ParameterizedTest
    @MethodSource("meanings")
    void a_stored_event_means_today(GenericRecord written, List<Event> expected) {
        assertThat(events(Carts.BINDING, written)).isEqualTo(expected);
    }

    /** Histories and live events. */
    @ParameterizedTest
    @MethodSource("meanings")
    void a_stored_event_is_shown_in_todays_schema(GenericRecord written, List<Event> expected) {
        List<IndexedRecord> shown = Carts.BINDING.eventRecords(bytes.roundTrip(written));

        assertThat(shown.stream().map(IndexedRecord::getSchema)).allMatch(Carts.BINDING.eventSchemas()::contains);
        assertThat(shown.stream().flatMap(each -> Carts.BINDING.events(each).stream()))
                .isEqualTo(expected);
    }

    @Test
    void a_state_is_folded_from_all_parts_in_order() {
        Cart cart = Cart.EMPTY;
        for (GenericRecord written : STREAM) {
            for (Event event : events(Carts.BINDING, written)) {
                cart = Carts.TYPE.decider().evolve(cart, event);
            }
        }

        assertThat(cart)
                .isEqualTo(new Cart(Map.of("LANTERN", 1, "HEART", 3, "GLASS", 5, "TEA", 1), "party", "added TEA"));
    }

    @Nested
    class A_name {

        @Test
        void that_nobody_knows_is_refused_with_those_that_are_known() {
            AggregateBinding<?, ?, Event> older = AggregateBinding.of(Carts.type());

            assertThatExceptionOfType(UnknownRecordException.class)
                    .isThrownBy(() -> events(older, itemSwapped("LANTERN", "GLASS")))
                    .withMessageContaining("annals.carts.ItemSwapped is no event of carts that this release knows")
                    .withMessageContaining("was it written by a newer one? known are [annals.carts.AddressesGiven, ");
        }

        @Test
        void of_two_records_is_refused_at_the_start() {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> AggregateBinding.of(Carts.type(Upcaster.retired(OldEvents.LabelChanged.class))))
                    .withMessageContaining("annals.carts.LabelChanged is a name or alias of both ");
        }
    }

    @Nested
    class An_upcaster {

        @Test
        void that_fails_is_named() {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> lookedAt(() -> {
                        throw new IllegalStateException("a bug");
                    }))
                    .withMessageContaining("CartLookedAt")
                    .withMessageContaining("a bug");
        }

        @Test
        void that_finds_an_error_is_named_too() {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> lookedAt(() -> {
                        throw new AssertionError("a cart that can't be");
                    }))
                    .withMessageContaining("a cart that can't be");
        }

        private void lookedAt(Supplier<Event> upcast) {
            AggregateBinding<?, ?, Event> binding =
                    AggregateBinding.of(Carts.type(Upcaster.of(CartLookedAt.class, Event.class, old -> upcast.get())));
            List<Event> unused = events(binding, cartLookedAt("ann"));
        }
    }
}
