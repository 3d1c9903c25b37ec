package dev.annals.engine.evolution;

import dev.annals.api.AggregateType;
import dev.annals.api.AggregateView;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.GroupedView;
import dev.annals.api.RecordedEvent;
import dev.annals.api.Upcaster;
import dev.annals.engine.avro.AggregateBinding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shopping carts, in their third release. */
final class Carts {

    private Carts() {}

    sealed interface Command {}

    record OpenCart() implements Command {}

    sealed interface Event {}

    /** The unit came with the second release. */
    record ItemAdded(String sku, int pieces, String unit) implements Event {
        static ItemAdded of(String sku, int pieces) {
            return new ItemAdded(sku, pieces, "piece");
        }
    }

    record ItemRemoved(String sku, int pieces) implements Event {}

    /** Was {@code NameChanged} with a {@code name}. */
    record LabelChanged(String label) implements Event {}

    record AddressesGiven(@Nullable Address main, List<Address> others) implements Event {}

    /** Was {@code Place} with a {@code city}, and had no country. */
    record Address(String street, String town, String country) {}

    /** Is two events now. */
    record ItemSwapped(String given, String taken) {}

    /** Nobody wants to know any more. */
    record CartLookedAt(String visitor) {}

    /** Of the first release: {@code 2 x LANTERN}. */
    record ItemPut(String what) {}

    /** Of the second release. */
    record ItemPutInPieces(String sku, int pieces) {}

    static final Upcaster<ItemPut, ItemPutInPieces> TO_PIECES =
            Upcaster.of(ItemPut.class, ItemPutInPieces.class, old -> {
                String[] parts = old.what().split(" x ", 2);
                return new ItemPutInPieces(parts[1], Integer.parseInt(parts[0]));
            });

    static final Upcaster<ItemPutInPieces, ItemAdded> TO_ADDED =
            Upcaster.of(ItemPutInPieces.class, ItemAdded.class, old -> ItemAdded.of(old.sku(), old.pieces()));

    static final Upcaster<ItemSwapped, Event> TO_REMOVED_AND_ADDED = Upcaster.split(
            ItemSwapped.class,
            Event.class,
            old -> List.of(new ItemRemoved(old.given(), 1), ItemAdded.of(old.taken(), 1)));

    static final AggregateType<Command, Cart, Event> TYPE =
            type(TO_PIECES, TO_ADDED, TO_REMOVED_AND_ADDED, Upcaster.retired(CartLookedAt.class));

    static final AggregateBinding<Command, Cart, Event> BINDING = AggregateBinding.of(TYPE);

    static AggregateType<Command, Cart, Event> type(Upcaster<?, ?>... upcasters) {
        return AggregateType.named("carts", new Rules())
                .commands(Command.class)
                .events(Event.class)
                .state(Cart.class)
                .createdBy(OpenCart.class)
                .upcasters(upcasters)
                .build();
    }

    /** @param last what was done last: tells the order of events */
    record Cart(
            Map<String, Integer> pieces,
            @Nullable String label,
            @Nullable String last) {

        static final Cart EMPTY = new Cart(Map.of(), null, null);

        private Cart with(String sku, int more, String done) {
            Map<String, Integer> changed = new LinkedHashMap<>(pieces);
            changed.merge(sku, more, Integer::sum);
            changed.values().removeIf(count -> count == 0);
            return new Cart(changed, label, done);
        }

        int total() {
            return pieces.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    static final class Rules implements Decider<Command, Cart, Event> {
        @Override
        public Cart initial() {
            return Cart.EMPTY;
        }

        @Override
        public Decision<Event> decide(Command command, Cart state) {
            return Decision.accept();
        }

        @Override
        public Cart evolve(Cart cart, Event event) {
            return switch (event) {
                case ItemAdded added -> cart.with(added.sku(), added.pieces(), "added " + added.sku());
                case ItemRemoved removed -> cart.with(removed.sku(), -removed.pieces(), "removed " + removed.sku());
                case LabelChanged changed -> new Cart(cart.pieces(), changed.label(), cart.last());
                case AddressesGiven given -> cart;
            };
        }
    }

    record CartRow(
            @Nullable String label, int pieces, @Nullable String last) {}

    /** A row for each cart, folded as the state is. */
    static final class Rows implements AggregateView<Event, CartRow> {
        @Override
        public String name() {
            return "carts";
        }

        @Override
        public Class<CartRow> row() {
            return CartRow.class;
        }

        @Override
        public CartRow apply(@Nullable CartRow row, RecordedEvent<Event> event) {
            CartRow before = row == null ? new CartRow(null, 0, null) : row;
            return switch (event.event()) {
                case ItemAdded added ->
                    new CartRow(before.label(), before.pieces() + added.pieces(), "added " + added.sku());
                case ItemRemoved removed ->
                    new CartRow(before.label(), before.pieces() - removed.pieces(), "removed " + removed.sku());
                case LabelChanged changed -> new CartRow(changed.label(), before.pieces(), before.last());
                case AddressesGiven given -> before;
            };
        }
    }

    record Labelled(String label, int pieces) {
        private Labelled with(int more) {
            return new Labelled(label, pieces + more);
        }
    }

    record LabelRow(String label, int pieces) {}

    /** Pieces in all carts of a label. */
    static final class PiecesByLabel implements GroupedView<Event, Labelled, LabelRow> {
        @Override
        public String name() {
            return "pieces-by-label";
        }

        @Override
        public Class<LabelRow> row() {
            return LabelRow.class;
        }

        @Override
        public Class<Labelled> part() {
            return Labelled.class;
        }

        @Override
        public @Nullable Labelled apply(@Nullable Labelled part, RecordedEvent<Event> event) {
            return switch (event.event()) {
                case ItemAdded added -> part == null ? null : part.with(added.pieces());
                case ItemRemoved removed -> part == null ? null : part.with(-removed.pieces());
                case LabelChanged changed -> new Labelled(changed.label(), part == null ? 0 : part.pieces());
                case AddressesGiven given -> part;
            };
        }

        @Override
        public String group(Labelled part) {
            return part.label();
        }

        @Override
        public LabelRow add(@Nullable LabelRow row, Labelled part) {
            return new LabelRow(part.label(), (row == null ? 0 : row.pieces()) + part.pieces());
        }

        @Override
        public LabelRow subtract(LabelRow row, Labelled part) {
            return new LabelRow(row.label(), row.pieces() - part.pieces());
        }
    }
}
