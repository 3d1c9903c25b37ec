package dev.annals.cli;

import dev.annals.imports.Import;
import dev.annals.imports.ImportReport;
import dev.annals.operations.ServiceClient;
import dev.annals.operations.acls.Role;
import dev.annals.operations.kafka.KafkaAccess;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Imports recorded data: as commands, through the topics.",
        subcommands = {
            ImportCommand.OnlineRetail.class,
            ImportCommand.Berka.class,
            ImportCommand.HotelBookings.class,
            ImportCommand.Iff.class,
            ImportCommand.Swim.class,
            ImportCommand.Sbs.class,
            ImportCommand.Sfo.class
        })
final class ImportCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "Which data?");
    }

    @Command(
            name = "online-retail",
            description = {
                "Imports the orders of a British shop (UCI \"Online Retail\").",
                "Each sale is one PlaceOrder; credit notes and adjustments are skipped. Importing the same again changes "
                        + "nothing."
            },
            footer = {
                "",
                "Exit code 0 only if every command has a result and the views agree with the results: their totals have "
                        + "grown by what was newly accepted, and up to 200 accepted orders, looked up one by one, have the "
                        + "lines and the total of the input (unless changed since). The installation may hold other orders."
            })
    static final class OnlineRetail extends Importing {

        @Parameters(
                arity = "0..*",
                paramLabel = "FILE",
                description = "CSV, gzipped or not; none: an extract that comes with Annals, ten days of December 2010")
        private List<Path> files = List.of();

        @Override
        Import data() {
            return Import.onlineRetail(files);
        }
    }

    @Command(
            name = "berka",
            description = {
                "Imports the transactions of a Czech bank (PKDD'99 \"Berka\").",
                "Opens each account with the overdraft that it needs, then books each row as a Deposit or a Withdraw. "
                        + "Importing the same again changes nothing."
            },
            footer = {
                "",
                "Exit code 0 only if every command has a result and the view agrees with the input: every account of it "
                        + "is there with all its bookings, and with its very amounts unless someone else has booked too."
            })
    static final class Berka extends Importing {

        @Parameters(
                arity = "1..*",
                paramLabel = "FILE",
                description = "CSV, gzipped or not; the rows of an account in their order")
        private List<Path> files = List.of();

        @Override
        Import data() {
            return Import.berka(files);
        }
    }

    @Command(
            name = "hotel-bookings",
            description = {
                "Imports the bookings of two hotels (\"Hotel booking demand\", Antonio et al., 2019).",
                "A hotel and an arrival date are a conference, such as city:2016-07-01. Each row reserves one of its seats, "
                        + "on the day of its booking and under its number in the input, and cancels it again if it was "
                        + "canceled. Importing the same again, with the same --rooms, changes nothing.",
                "Commands come in the order of their days. All rows are kept in memory to sort them."
            },
            footer = {
                "",
                "Rows are told hotel by hotel: accepted and refused (not-enough-seats) are all of them together; cancelled "
                        + "and not cancelled (reservation-not-found: they had been refused) are all that were canceled.",
                "Exit code 0 only if every command has a result and the view agrees with the input: every conference of it "
                        + "is there with the reservations that a fold of the input by the import itself has, unless "
                        + "someone else has changed it too."
            })
    static final class HotelBookings extends Importing {

        @Parameters(
                arity = "1..*",
                paramLabel = "FILE",
                description = "CSV, gzipped or not; the rows of all files are numbered through")
        private List<Path> files = List.of();

        @Option(
                names = "--rooms",
                paramLabel = "N",
                description = "Capacity of each conference (default: as many as it has rows, so that none is refused)")
        private @Nullable Integer rooms;

        @Override
        Import data() {
            if (rooms != null && rooms < 0) {
                throw output.wrong("--rooms %d: expected 0 or more".formatted(rooms));
            }
            return Import.hotelBookings(files, rooms);
        }
    }

    @Command(
            name = "iff",
            description = {
                "Imports the flights that a terminal control facility has recorded (NASA Sherlock, IFF).",
                "Creates each flight, files each plan (type 4) and records each track point (type 3), in the order of the "
                        + "input, which is not that of the times. Importing the same again changes nothing.",
                "The id of a flight is the facility that recorded, the day of its first record and its key there, such as "
                        + "NCT-20200822-22797."
            },
            footer = {
                "",
                "Rows are the records by what became of them; late are those that came after one of a later time, and move "
                        + "nothing.",
                "Exit code 0 only if every command has a result and the view agrees with the input: every flight of it is "
                        + "there with the plan and the point that are the last by their own times, by a fold of the input "
                        + "by the import itself, unless someone else has changed it too."
            })
    static final class Iff extends Importing {

        @Parameters(arity = "1..*", paramLabel = "FILE", description = "IFF (CSV), gzipped or not")
        private List<Path> files = List.of();

        @Override
        Import data() {
            return Import.iff(files);
        }
    }

    @Command(
            name = "swim",
            description = {
                "Imports flight messages of the FAA's SWIM services: SFDPS and TFMData, by what the file is.",
                "Each message is one Identify to the register of its callsign, which keeps it as it was received and says "
                        + "which flight it is about. Importing the same again changes nothing."
            },
            footer = {
                "",
                "Exit code 0 only if every command has a result and each flight of the input has exactly one id of ours "
                        + "(GUFI): all its messages found the same one, and those of no other flight did."
            })
    static final class Swim extends Importing {

        @Parameters(arity = "1..*", paramLabel = "FILE", description = "XML, gzipped or not; no document type is read")
        private List<Path> files = List.of();

        @Override
        Import data() {
            return Import.swim(files);
        }
    }

    @Command(
            name = "sbs",
            description = {
                "Imports lines of an ADS-B receiver (SBS, also BaseStation format).",
                "Each line with a callsign is one Identify to the register of the callsign, with the transponder's address. "
                        + "Lines without one are left out and counted. Importing the same again changes nothing."
            },
            footer = {
                "",
                "Exit code 0 only if every command has a result and each flight of the input has exactly one id of ours "
                        + "(GUFI): all its messages found the same one, and those of no other flight did."
            })
    static final class Sbs extends Importing {

        @Parameters(arity = "1..*", paramLabel = "FILE", description = "SBS (CSV), gzipped or not; times in UTC")
        private List<Path> files = List.of();

        @Override
        Import data() {
            return Import.sbs(files);
        }
    }

    @Command(
            name = "sfo",
            description = {
                "Imports the flights of San Francisco airport with their codeshares (SFO Museum).",
                "Each record is one Identify to the register of the callsign that operates, also where it was sold under "
                        + "another. Importing the same again changes nothing. The records are kept in memory."
            },
            footer = {
                "",
                "Rows are the codeshares: named ones say which flight operates; by times are those that have journey and "
                        + "times of a partner's flight; undecided ones have those of a flight of no partner, and are taken "
                        + "for flights of their own.",
                "Exit code 0 only if every command has a result and each flight of the input has exactly one id of ours "
                        + "(GUFI): all its messages found the same one, and those of no other flight did."
            })
    static final class Sfo extends Importing {

        @Parameters(arity = "1..*", paramLabel = "FILE", description = "a JSON object a line, gzipped or not")
        private List<Path> files = List.of();

        @Override
        Import data() {
            return Import.sfo(files);
        }
    }

    /** What all imports have in common on the command line. */
    abstract static class Importing extends KafkaCommand implements Callable<Integer> {

        @Mixin
        private final QueryAddress queries = new QueryAddress();

        abstract Import data();

        @Override
        Role role() {
            return Role.IMPORTER;
        }

        /** Finds the target, and names it before anything is sent. */
        @Override
        public Integer call() {
            Import data = data();
            KafkaAccess access = kafka.access();
            ServiceClient client = queries.client(kafka.target());
            output.announce(kafka.target());
            ImportReport report;
            try (Progress progress = output.progress("commands decided")) {
                report = data.run(access, client, progress);
            }
            output.print(json(report), lines(report));
            report.failures().forEach(failure -> output.warn("annals: " + failure));
            return report.failures().isEmpty() ? 0 : 1;
        }
    }

    private static Map<String, Object> json(ImportReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("import", report.name());
        json.put("commands", report.commands());
        json.put("seconds", seconds(report));
        json.put("commandsPerSecond", Math.round(report.commandsPerSecond()));
        json.put("accepted", report.accepted());
        json.put("newlyAccepted", report.newlyAccepted());
        json.put("replayed", report.replayed());
        json.put("rejected", report.rejected());
        json.put("failed", report.failed());
        json.put("skipped", report.skipped());
        json.put("rows", report.rows());
        json.put("views", texts(report.views()));
        json.put("sameAsInput", report.sameAsInput());
        json.put("failures", report.failures());
        return json;
    }

    private static double seconds(ImportReport report) {
        return report.took().toMillis() / 1000.0;
    }

    /** Money is a string in JSON, as the services write it. */
    private static Map<String, Object> texts(Map<String, Object> values) {
        Map<String, Object> texts = new LinkedHashMap<>();
        values.forEach(
                (key, value) -> texts.put(key, value instanceof BigDecimal amount ? amount.toPlainString() : value));
        return texts;
    }

    private static List<String> lines(ImportReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%,d commands in %.1f s: %,.0f/s",
                report.commands(),
                seconds(report),
                report.commandsPerSecond()));
        lines.add(line("accepted", report.accepted(), "%,d of them now".formatted(report.newlyAccepted())));
        report.rejected().forEach((code, count) -> lines.add(line("rejected", count, code)));
        report.failed().forEach((reason, count) -> lines.add(line("failed", count, reason)));
        lines.add(line("replayed", report.replayed(), "results of an earlier import"));
        report.skipped().forEach((what, count) -> lines.add(line("skipped", count, what)));
        report.rows().forEach((what, count) -> lines.add(line("rows", count, words(what))));
        lines.add("");
        lines.add("From the views" + (report.sameAsInput() ? ", which hold this input and nothing else" : ""));
        report.views()
                .forEach((name, value) ->
                        lines.add(String.format(Locale.ROOT, "  %-22s %16s", words(name), text(value))));
        return lines;
    }

    private static String line(String name, long count, String what) {
        return String.format(Locale.ROOT, "  %-10s %,9d  %s", name, count, what);
    }

    /** {@code topCustomer} is {@code top customer}. */
    private static String words(String name) {
        return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    private static String text(Object value) {
        return switch (value) {
            case Long count -> String.format(Locale.ROOT, "%,d", count);
            case BigDecimal amount -> String.format(Locale.ROOT, "%,." + amount.scale() + "f", amount);
            default -> value.toString();
        };
    }
}
