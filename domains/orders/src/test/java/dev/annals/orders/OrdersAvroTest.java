package dev.annals.orders;

import static dev.annals.orders.Orders.DELIVERED;
import static dev.annals.orders.Orders.LINES;
import static dev.annals.orders.Orders.PAID;
import static dev.annals.orders.Orders.PLACED;
import static dev.annals.orders.Orders.SHIPPED;
import static dev.annals.orders.Orders.money;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.View;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.orders.OrderEvent.LinesReturned;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderLinesChanged;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderEvent.PaymentRefunded;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.testkit.ViewKit;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every record of the domain comes back from Avro as it was. */
class OrdersAvroTest {

    private static final LinesReturned RETURNED =
            new LinesReturned(List.of(new ReturnedLine("LANTERN", 1), new ReturnedLine("HEART", 2)));

    /** One of every type, and one without anything that can be absent. */
    private static final List<OrderEvent> EVENTS = List.of(
            PLACED,
            new OrderPlaced(null, null, "GBP", null, LINES, money("20.80")),
            new OrderLinesChanged(LINES, money("20.80")),
            PAID,
            SHIPPED,
            DELIVERED,
            RETURNED,
            new PaymentRefunded("card", money("20.80")),
            new OrderCancelled("why not"));

    private static final List<OrderEvent[]> HISTORIES = List.of(
            new OrderEvent[] {},
            new OrderEvent[] {PLACED},
            new OrderEvent[] {PLACED, PAID, SHIPPED, DELIVERED, RETURNED},
            new OrderEvent[] {PLACED, PAID, new PaymentRefunded("card", money("20.80")), new OrderCancelled("why not")
            });

    @Test
    void every_event_type_is_covered_below() {
        assertThat(EVENTS.stream().map(Object::getClass))
                .containsAll(Arrays.asList(OrderEvent.class.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @FieldSource("EVENTS")
    void an_event_survives(OrderEvent event) {
        AggregateBinding<OrderCommand, Order, OrderEvent> binding = AggregateBinding.of(new OrdersDomain().aggregate());

        assertThat(binding.events(binding.toAvro(event))).containsExactly(event);
    }

    @Test
    void states_survive() {
        RecordBinding<Order> binding = RecordBinding.of(Order.class, DerivedSchema.of(Order.class));
        for (OrderEvent[] history : HISTORIES) {
            Order state = Orders.given(history).state();

            assertThat(binding.fromAvro(binding.toAvro(state))).isEqualTo(state);
        }
    }

    @Test
    void rows_survive() {
        for (OrderEvent[] history : HISTORIES) {
            assertRowsSurvive(ViewKit.of(new OrdersView()).given("1", history));
            assertRowsSurvive(ViewKit.of(new CustomerOrdersView()).given("1", history));
            assertRowsSurvive(ViewKit.of(new CountrySalesView()).given("1", history));
        }
    }

    @Test
    void every_row_and_part_binds() {
        for (View<?, ?> view : new OrdersDomain().views()) {
            assertThat(binding(view.row())).isNotNull();
        }
        assertThat(DerivedSchema.of(CountrySalesView.Sale.class)).isNotNull();
    }

    private static <R extends Record> void assertRowsSurvive(ViewKit<OrderEvent, R> view) {
        for (R row : view.rows().values()) {
            @SuppressWarnings("unchecked") // the class of a value of type R
            RecordBinding<R> binding = binding((Class<R>) row.getClass());
            assertThat(binding.fromAvro(binding.toAvro(row))).isEqualTo(row);
        }
    }

    private static <R extends Record> RecordBinding<R> binding(Class<R> row) {
        return RecordBinding.of(row, SchemaCatalog.load("annals.views." + row.getSimpleName()));
    }
}
