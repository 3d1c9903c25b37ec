package dev.annals.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.imports.CommandSource.Outgoing;
import dev.annals.imports.OnlineRetail.Sale;
import dev.annals.operations.OperationFailedException;
import dev.annals.orders.OrderCommand.PlaceOrder;
import dev.annals.testsupport.RealData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnlineRetailTest {

    @Test
    void the_rows_of_a_sale_become_one_order() {
        var commands = Files.commands(Files.retail(
                "536365,85123A,\"HEART, WHITE\",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
                "536365,71053,,2,2010-12-01 08:27:00,3.3925,17850.0,United Kingdom"));

        assertThat(commands).hasSize(1);
        Outgoing<Sale> command = commands.getFirst();
        assertThat(command.aggregateId()).isEqualTo("536365");
        assertThat(command.commandId()).isEqualTo("online-retail/536365");
        assertThat(command.time()).isEqualTo(Instant.parse("2010-12-01T08:26:00Z"));
        assertThat(command.expectedVersion()).isNull();
        assertThat(command.note().lines()).isEqualTo(2);
        assertThat(command.note().total()).isEqualByComparingTo("22.085");
        PlaceOrder place = (PlaceOrder) command.payload();
        assertThat(place.customerId()).isEqualTo("17850.0");
        assertThat(place.country()).isEqualTo("United Kingdom");
        assertThat(place.currency()).isEqualTo("GBP");
        assertThat(place.placedAt()).isEqualTo(Instant.parse("2010-12-01T08:26:00Z"));
        assertThat(place.lines().getFirst().description()).isEqualTo("HEART, WHITE");
    }

    @Test
    void an_order_without_a_customer_has_none() {
        Outgoing<Sale> command = Files.commands(Files.retail("1,A,a,1,2010-12-01 08:26:00,1,,France"))
                .getFirst();

        assertThat(((PlaceOrder) command.payload()).customerId()).isNull();
        assertThat(command.note().customerId()).isNull();
    }

    @Test
    void credit_notes_and_adjustments_are_skipped_and_counted_once_each() {
        OnlineRetail source = Files.retail(row("1"), row("C2"), row("C2"), row("A3"), row("C4"));

        assertThat(source.survey().commands()).isEqualTo(1);
        assertThat(source.survey().skipped()).containsEntry("credit-notes", 2L).containsEntry("adjustments", 1L);
        assertThat(Files.commands(source)).extracting(Outgoing::aggregateId).containsExactly("1");
    }

    @Test
    void a_row_of_another_invoice_in_between_does_not_split_an_order() {
        var commands = Files.commands(Files.retail(row("1"), row("C2"), row("1"), row("3")));

        assertThat(commands).extracting(it -> it.note().lines()).containsExactly(2, 1);
    }

    @Test
    void an_invoice_that_comes_back_much_later_is_refused() {
        List<String> rows = new ArrayList<>(List.of(row("1")));
        IntStream.rangeClosed(2, OpenInvoices.MAX_OPEN + 1).forEach(it -> rows.add(row("" + it)));
        rows.add(row("1"));
        OnlineRetail source = Files.retail(rows.toArray(String[]::new));

        assertThatThrownBy(source::survey)
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContainingAll("shop.csv, line 7", "InvoiceNo '1'", "line 2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1,A,a,six,2010-12-01 08:26:00,1,,France        | Quantity 'six': expected a whole number
            1,A,a,6,2010-12-01 08:26:00,1.00001,,France    | UnitPrice '1.00001': expected at most 4 decimals
            1,A,a,6,2010-12-01 08:26:00,,,France           | UnitPrice '': expected an amount
            1,A,a,6,2010-12-01 08:26:00,123456789012345,,F | expected at most 14 digits before the point
            1,A,a,6,2010-02-30 08:26:00,1,,France          | InvoiceDate '2010-02-30 08:26:00': expected a time
            1,,a,6,2010-12-01 08:26:00,1,,France           | StockCode '': expected a value
            ,A,a,6,2010-12-01 08:26:00,1,,France           | InvoiceNo '': expected a value
            X1,A,a,6,2010-12-01 08:26:00,1,,France         | InvoiceNo 'X1': expected digits
            1,A,a,6,2010-12-01 08:26:00,1,France           | expected 8 values, got 7
            9,A,a,6,2010-12-01 08:26:00,1,,France          | Country 'France': expected 'Spain' as in line 2
            """)
    void a_malformed_row_is_named_and_stops_the_import_before_it_begins(String row, String message) {
        OnlineRetail source = Files.retail("9,A,a,6,2010-12-01 08:26:00,1,,Spain", row);

        assertThatThrownBy(source::survey)
                .isInstanceOf(OperationFailedException.class)
                .hasMessageStartingWith("shop.csv, line 3: ")
                .hasMessageContaining(message);
    }

    @Test
    void a_missing_column_is_named() {
        var source = new OnlineRetail(List.of(Files.csv("shop.csv", "InvoiceNo,StockCode\n")));

        assertThatThrownBy(source::survey).hasMessageContainingAll("shop.csv, line 1", "Description");
    }

    @Test
    void a_missing_file_is_named() {
        var source = new OnlineRetail(List.of(InputFile.of(Path.of("no-such.csv"))));

        assertThatThrownBy(source::survey).hasMessageContainingAll("no-such.csv", "there is no such file");
    }

    @Test
    void text_that_is_not_utf_8_is_refused() {
        byte[] latin = ("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
                        + "1,A,caf\u00e9,1,2010-12-01 08:26:00,1,,France")
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> new OnlineRetail(List.of(Files.bytes("shop.csv", latin))).survey())
                .hasMessageContainingAll("shop.csv", "not UTF-8");
    }

    @Test
    void gzip_and_a_byte_order_mark_are_recognised_by_content() {
        byte[] plain = ("\ufeffInvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
                        + row("1"))
                .getBytes(StandardCharsets.UTF_8);

        assertThat(new OnlineRetail(List.of(Files.bytes("a.csv", plain)))
                        .survey()
                        .commands())
                .isEqualTo(1);
        assertThat(new OnlineRetail(List.of(Files.bytes("a.csv", Files.gzipped(plain))))
                        .survey()
                        .commands())
                .isEqualTo(1);
    }

    @Test
    void the_extract_that_ships_has_ten_days() {
        var survey = new OnlineRetail(List.of(OnlineRetail.SHIPPED)).survey();

        assertThat(survey.commands()).isEqualTo(1_036);
        assertThat(survey.skipped()).containsEntry("credit-notes", 143L).containsEntry("adjustments", 0L);
    }

    @Test
    void three_recorded_months_have_the_known_number_of_sales() {
        List<InputFile> months = Stream.of("2010-12", "2011-01", "2011-02")
                .map(month -> InputFile.of(RealData.file("orders/online_retail_" + month + ".csv.gz")))
                .toList();

        var survey = new OnlineRetail(months).survey();

        assertThat(survey.commands()).isEqualTo(4_089);
        assertThat(survey.skipped()).containsEntry("credit-notes", 805L);
    }

    private static String row(String invoice) {
        return invoice + ",A,a,1,2010-12-01 08:26:00,1,,France";
    }
}
