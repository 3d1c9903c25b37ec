package dev.annals.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check of releases finds what it is there to find. */
class ReleasesTest {

    private static final String PAY = "avro/orders/Pay.avsc";
    private static final String MONEY = """
            {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 4}""";

    @TempDir
    private Path released;

    @TempDir
    private Path current;

    @BeforeEach
    void a_release_with_one_event() throws IOException {
        write(released, PAY, pay("""
                {"name": "method", "type": "annals.orders.Method"}, {"name": "amount", "type": %s}""".formatted(MONEY)));
        write(released, "avro/orders/Method.avsc", method("CARD", "CASH"));
        write(current, "avro/orders/Method.avsc", method("CARD", "CASH"));
    }

    @Test
    void the_same_schemas_break_nothing() throws IOException {
        write(current, PAY, Files.readString(released.resolve(PAY)));

        assertThat(breaks()).isEmpty();
    }

    @Test
    void a_new_optional_field_breaks_nothing() throws IOException {
        write(current, PAY, pay("""
                {"name": "method", "type": "annals.orders.Method"}, {"name": "amount", "type": ["null", %s]},
                {"name": "note", "type": ["null", "string"], "default": null}""".formatted(MONEY)));

        assertThat(breaks()).isEmpty();
    }

    @Test
    void a_new_field_without_a_default_breaks() throws IOException {
        write(current, PAY, pay("""
                {"name": "method", "type": "annals.orders.Method"}, {"name": "amount", "type": %s},
                {"name": "note", "type": "string"}""".formatted(MONEY)));

        assertThat(breaks())
                .singleElement()
                .asString()
                .contains("/" + PAY, "READER_FIELD_MISSING_DEFAULT_VALUE", "note");
    }

    @Test
    void a_field_of_another_type_breaks() throws IOException {
        write(current, PAY, pay("""
                {"name": "method", "type": "annals.orders.Method"}, {"name": "amount", "type": "double"}"""));

        assertThat(breaks()).singleElement().asString().contains("/" + PAY, "TYPE_MISMATCH", "/fields/1/type");
    }

    @ParameterizedTest
    @CsvSource({"bytes, decimal, 18, 2", "bytes, decimal, 10, 4", "bytes, unknown, 18, 4"})
    void a_field_whose_bytes_mean_something_else_breaks(String type, String logical, int precision, int scale)
            throws IOException {
        write(current, PAY, pay("""
                {"name": "method", "type": "annals.orders.Method"},
                {"name": "amount", "type": {"type": "%s", "logicalType": "%s", "precision": %d, "scale": %d}}""".formatted(type, logical, precision, scale)));

        assertThat(breaks()).singleElement().asString().contains("/" + PAY, "field amount was");
    }

    @ParameterizedTest
    @CsvSource({
        "views/PaymentRow, timestamp-micros, timestamp-millis, false",
        "views/PaymentRow, timestamp-millis, timestamp-micros, true",
        "orders/Paid, timestamp-micros, timestamp-millis, true"
    })
    void a_time_that_is_read_as_a_thousandth_breaks_unless_rows_took_up_milliseconds(
            String name, String was, String is, boolean broken) throws IOException {
        write(current, PAY, Files.readString(released.resolve(PAY)));
        write(released, "avro/" + name + ".avsc", timed(name, was));
        write(current, "avro/" + name + ".avsc", timed(name, is));

        assertThat(breaks()).hasSize(broken ? 1 : 0);
    }

    private static String timed(String name, String logical) {
        return """
                {"type": "record", "name": "annals.%s", "fields": [
                {"name": "at", "type": ["null", {"type": "long", "logicalType": "%s"}]}]}""".formatted(name.replace('/', '.'), logical);
    }

    @Test
    void a_symbol_that_is_gone_breaks_the_enum_and_who_refers_to_it() throws IOException {
        write(current, PAY, Files.readString(released.resolve(PAY)));
        write(current, "avro/orders/Method.avsc", method("CARD"));

        assertThat(breaks()).hasSize(2).allSatisfy(it -> assertThat(it).contains("MISSING_ENUM_SYMBOLS", "CASH"));
    }

    @Test
    void a_schema_that_is_gone_breaks() throws IOException {
        assertThat(breaks())
                .containsExactly(
                        "/" + PAY + ": annals.orders.Pay was released, but is gone, and no schema has it as an alias");
    }

    @Test
    void a_record_and_a_field_renamed_with_aliases_break_nothing() throws IOException {
        write(current, "avro/orders/Settle.avsc", settle("Pay", "amount", MONEY));

        assertThat(breaks()).isEmpty();
    }

    @Test
    void a_field_renamed_without_an_alias_breaks() throws IOException {
        write(current, "avro/orders/Settle.avsc", settle("Pay", "amuont", MONEY));

        assertThat(breaks()).singleElement().asString().contains("READER_FIELD_MISSING_DEFAULT_VALUE", "sum");
    }

    @Test
    void a_renamed_field_whose_bytes_mean_something_else_breaks() throws IOException {
        write(current, "avro/orders/Settle.avsc", settle("Pay", "amount", MONEY.replace("4", "2")));

        assertThat(breaks()).singleElement().asString().contains("field amount was");
    }

    @Test
    void a_record_renamed_without_an_alias_breaks() throws IOException {
        write(current, "avro/orders/Settle.avsc", settle("Pya", "amount", MONEY));

        assertThat(breaks()).singleElement().asString().contains("annals.orders.Pay was released, but is gone");
    }

    private static String settle(String alias, String fieldAlias, String type) {
        return """
                {"type": "record", "name": "Settle", "namespace": "annals.orders", "aliases": ["%s"], "fields": [
                  {"name": "method", "type": "annals.orders.Method"}, {"name": "sum", "aliases": ["%s"], "type": %s}]}""".formatted(alias, fieldAlias, type);
    }

    private List<String> breaks() throws IOException {
        return Releases.breaksOf(released, current);
    }

    private static String pay(String fields) {
        return """
                {"type": "record", "name": "Pay", "namespace": "annals.orders", "fields": [%s]}""".formatted(fields);
    }

    private static String method(String... symbols) {
        return """
                {"type": "enum", "name": "Method", "namespace": "annals.orders", "symbols": ["%s"]}""".formatted(String.join("\", \"", symbols));
    }

    private static void write(Path folder, String path, String text) throws IOException {
        Files.createDirectories(folder.resolve(path).getParent());
        Files.writeString(folder.resolve(path), text);
    }
}
