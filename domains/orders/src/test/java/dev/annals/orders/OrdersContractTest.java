package dev.annals.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.View;
import dev.annals.orders.OrderCommand.CancelOrder;
import dev.annals.orders.OrderCommand.ChangeOrderLines;
import dev.annals.orders.OrderCommand.PlaceOrder;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.testkit.Shapes;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The names that others rely on. */
class OrdersContractTest {

    @Test
    void versions_are_raised_with_the_shapes() {
        Shapes.of(new OrdersDomain()).assertRecorded();
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
    void the_domain_is_found_by_the_service_loader() {
        assertThat(ServiceLoader.load(Domain.class))
                .hasOnlyElementsOfType(OrdersDomain.class)
                .hasSize(1);
    }

    @Test
    void the_type_and_its_views_have_the_names_of_the_contract() {
        AggregateType<?, ?, ?> type = new OrdersDomain().aggregate();

        assertThat(type.name()).isEqualTo("orders");
        assertThat(type.creating()).isEqualTo(PlaceOrder.class);
        assertThat(type.replacing()).isEqualTo(ChangeOrderLines.class);
        assertThat(type.deleting()).isEqualTo(CancelOrder.class);
        assertThat(new OrdersDomain().views())
                .extracting(View::name)
                .containsExactly("orders", "customer-orders", "country-sales");
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_record_has_the_fields_of_its_schema(Class<?> message) {
        assertThat(components(message)).containsExactlyElementsOf(fields("annals.orders." + message.getSimpleName()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_row_has_the_fields_of_its_schema_behind_id_and_version(Class<?> row) {
        assertThat(Stream.concat(Stream.of("id", "version"), components(row).stream()))
                .containsExactlyElementsOf(fields("annals.views." + row.getSimpleName()));
    }

    static Stream<Class<?>> messages() {
        return Stream.of(
                        Stream.of(OrderCommand.class.getPermittedSubclasses()),
                        Stream.of(OrderEvent.class.getPermittedSubclasses()),
                        Stream.<Class<?>>of(OrderLine.class, ReturnedLine.class))
                .flatMap(types -> types);
    }

    static Stream<Class<?>> rows() {
        return new OrdersDomain().views().stream().map(View::row);
    }

    private static List<String> components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    private static List<String> fields(String schema) {
        return SchemaCatalog.load(schema).getFields().stream()
                .map(Schema.Field::name)
                .toList();
    }
}
