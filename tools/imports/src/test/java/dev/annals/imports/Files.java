package dev.annals.imports;

import dev.annals.imports.CommandSource.Outgoing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Input files that exist in the test only. */
final class Files {

    private static final String RETAIL =
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
    private static final String BERKA = "account_id,seq,date,direction,operation,symbol,amount,bank_balance\n";

    private static final String HOTELS = "hotel,lead_time,arrival_date_year,arrival_date_month,"
            + "arrival_date_day_of_month,reservation_status,reservation_status_date\n";

    private Files() {}

    static OnlineRetail retail(String... rows) {
        return new OnlineRetail(List.of(csv("shop.csv", RETAIL, rows)));
    }

    static Berka berka(String... rows) {
        return new Berka(List.of(csv("bank.csv", BERKA, rows)));
    }

    /** @param rooms null: as many as there are rows */
    static HotelBookings hotels(@Nullable Integer rooms, String... rows) {
        return new HotelBookings(List.of(csv("hotels.csv", HOTELS, rows)), rooms);
    }

    static InputFile csv(String name, String header, String... rows) {
        return bytes(name, (header + String.join("\n", rows)).getBytes(StandardCharsets.UTF_8));
    }

    static InputFile bytes(String name, byte[] content) {
        return new InputFile(name, () -> new ByteArrayInputStream(content));
    }

    /** One that comes with the tests. */
    static InputFile resource(String name) {
        return new InputFile(name, () -> Objects.requireNonNull(Files.class.getResourceAsStream("/" + name), name));
    }

    static byte[] gzipped(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static <N> List<Outgoing<N>> commands(CommandSource<N> source) {
        List<Outgoing<N>> commands = new ArrayList<>();
        source.survey();
        source.forEach(commands::add);
        return commands;
    }
}
