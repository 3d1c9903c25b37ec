package dev.annals.imports;

import dev.annals.operations.OperationFailedException;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.ServiceClient;
import dev.annals.operations.kafka.KafkaAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Import of recorded data: each row or group of rows becomes a command with an id derived from the input, so importing
 * the same again changes nothing. Follows the commands to their results, and compares the views with what was accepted.
 * For one thread, and for one run.
 */
@FunctionalInterface
public interface Import {

    /**
     * Imports everything.
     *
     * @param kafka with a schema registry
     * @param queries the query service, whose views are compared
     * @param progress in commands that are decided, on a thread of its own
     * @throws OperationFailedException if the input is malformed, and nothing was sent then; or if a command can't be
     *     sent or results are missing, and running it again is safe then
     */
    ImportReport run(KafkaAccess kafka, ServiceClient queries, ProgressListener progress);

    /**
     * The orders of a British shop (UCI "Online Retail"); each sale is one {@code PlaceOrder}. It is right if the views
     * agree with the results, as {@link SalesCheck} says.
     *
     * @param files CSV, gzipped or not; none for an extract that is shipped
     */
    static Import onlineRetail(List<Path> files) {
        OnlineRetail source = new OnlineRetail(files.isEmpty() ? List.of(OnlineRetail.SHIPPED) : inputs(files));
        return (kafka, queries, progress) -> {
            SalesCheck check = new SalesCheck(queries);
            SalesBooks books = new SalesBooks();
            Importer.Run run = new Importer(kafka).run(source, books, progress);
            return ImportReport.of(source.name(), run, Map.of(), check.verdict(books));
        };
    }

    /**
     * The transactions of a Czech bank (PKDD'99 "Berka"): opens each account, then books each row. It is right if the
     * view agrees with the input, as {@link AccountTotals} says.
     *
     * @param files CSV, gzipped or not; the rows of an account in their order
     */
    static Import berka(List<Path> files) {
        Berka source = new Berka(inputs(files));
        return (kafka, queries, progress) -> {
            Importer.Run run = new Importer(kafka).run(source, (statement, result) -> {}, progress);
            return ImportReport.of(source.name(), run, Map.of(), AccountTotals.verdict(queries, source.statements()));
        };
    }

    /**
     * The bookings of two hotels, where a hotel and an arrival date are a conference: opens each, then reserves a seat
     * for each row, and cancels those that were canceled, in the order of time. It is right if the view agrees with a
     * fold of the input, as {@link SeatTotals} says.
     *
     * @param files CSV, gzipped or not; their rows are numbered through
     * @param rooms capacity of each conference, at least 0; null: as many as it has rows, so that none is refused
     */
    static Import hotelBookings(List<Path> files, @Nullable Integer rooms) {
        HotelBookings source = new HotelBookings(inputs(files), rooms);
        return (kafka, queries, progress) -> {
            BookingCounts counts = new BookingCounts();
            Importer.Run run = new Importer(kafka).run(source, counts, progress);
            return ImportReport.of(source.name(), run, counts.counts(), SeatTotals.verdict(queries, source.books()));
        };
    }

    /**
     * What a terminal control facility has recorded (NASA Sherlock IFF): creates each flight, files each plan and
     * records each track point, in the order of the input. It is right if the view agrees with a fold of the input, as
     * {@link FlightTotals} says.
     *
     * @param files CSV, gzipped or not
     */
    static Import iff(List<Path> files) {
        Iff source = new Iff(inputs(files));
        return (kafka, queries, progress) -> {
            FlightCounts counts = new FlightCounts();
            Importer.Run run = new Importer(kafka).run(source, counts, progress);
            Map<String, IffFlight> books = source.books();
            return ImportReport.of(
                    source.name(), run, counts.counts(books.values()), FlightTotals.verdict(queries, books));
        };
    }

    /**
     * Flight messages of the FAA's SWIM services, SFDPS and TFMData. It is right if each flight of the input has
     * exactly one id of ours, as {@link IdentityTotals} says; so are {@link #sbs} and {@link #sfo}.
     *
     * @param files XML, gzipped or not
     */
    static Import swim(List<Path> files) {
        return identities(new Swim(), files);
    }

    /**
     * Lines of an ADS-B receiver.
     *
     * @param files SBS, also BaseStation format, gzipped or not
     */
    static Import sbs(List<Path> files) {
        return identities(new Sbs(), files);
    }

    /**
     * Flights of San Francisco airport with their codeshares.
     *
     * @param files a JSON object a line, gzipped or not
     */
    static Import sfo(List<Path> files) {
        return identities(new Sfo(), files);
    }

    private static Import identities(Channel channel, List<Path> files) {
        Identities source = new Identities(channel, inputs(files));
        return (kafka, queries, progress) -> {
            Importer.Run run = new Importer(kafka).run(source, (told, result) -> {}, progress);
            return ImportReport.of(source.name(), run, source.rows(), IdentityTotals.verdict(queries, source.books()));
        };
    }

    private static List<InputFile> inputs(List<Path> paths) {
        return paths.stream().map(InputFile::of).toList();
    }
}
