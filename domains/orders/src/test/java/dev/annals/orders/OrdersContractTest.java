package dev.annals.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.AggregateType;
import dev.annals.api.View;
import dev.annals.orders.OrderCommand.CancelOrder;
import dev.annals.orders.OrderCommand.ChangeOrderLines;
import dev.annals.orders.OrderCommand.PlaceOrder;
import dev.annals.testkit.DomainContract;
import dev.annals.testkit.Schemas;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The names that others rely on, and what every domain is held to. */
class OrdersContractTest extends DomainContract {

    OrdersContractTest() {
        super(new OrdersDomain(), Schemas.of(new OrdersDomain()).in(Path.of("../../schemas/src/main/resources")));
    }

    @Test
    void rejection_codes_are_those_of_the_contract() {
        assertThat(Arrays.stream(OrderRejection.values()).map(OrderRejection::code))
                .containsExactlyInAnyOrder(
                        "order-already-exists",
                        "order-not-found",
                        "no-lines",
                        "invalid-quantity",
                        "invalid-price",
                        "payment-amount-mismatch",
                        "order-not-payable",
                        "order-not-paid",
                        "order-already-shipped",
                        "order-cancelled",
                        "return-exceeds-purchase");
    }

    @Test
    void the_type_and_its_views_have_the_names_of_the_contract() {
        AggregateType<?, ?, ?> type = new OrdersDomain().aggregate();

        assertThat(type.name()).isEqualTo("orders");
        assertThat(type.namespace()).isEqualTo("annals");
        assertThat(type.createdBy()).isEqualTo(PlaceOrder.class);
        assertThat(type.replacedBy()).isEqualTo(ChangeOrderLines.class);
        assertThat(type.deletedBy()).isEqualTo(CancelOrder.class);
        assertThat(new OrdersDomain().views())
                .extracting(View::name)
                .containsExactly("orders", "customer-orders", "country-sales");
    }
}
