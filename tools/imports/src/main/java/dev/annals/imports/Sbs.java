package dev.annals.imports;

import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.Message;
import dev.annals.imports.RecordedLine.Fields;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Lines of an ADS-B receiver (SBS, also BaseStation format), in UTC. A transponder sends its callsign in messages of
 * its own, every few seconds; the lines without one can't be sent to the register of a callsign, and are counted.
 */
final class Sbs implements Channel {

    private static final int FIELDS = 22;
    private static final int TYPE = 0;
    private static final int TRANSPONDER = 4;
    private static final int DATE = 6;
    private static final int TIME = 7;
    private static final int CALLSIGN = 10;

    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("uuuu/MM/dd HH:mm:ss.SSS", Locale.ROOT);

    @Override
    public String name() {
        return "sbs";
    }

    @Override
    public void read(List<InputFile> files, Consumer<Told> messages, Counts counts) {
        RecordedLine.forEach(files, line -> {
            Fields fields = line.fields(FIELDS);
            if (!fields.text(TYPE).equals("MSG")) {
                counts.skip("other-records");
            } else if (fields.text(CALLSIGN).isEmpty()) {
                counts.skip("without-callsign");
            } else {
                messages.accept(told(line, fields));
            }
        });
    }

    private Told told(RecordedLine line, Fields fields) {
        String transponder = fields.text(TRANSPONDER);
        return new Told(
                fields.text(CALLSIGN),
                new Identify(
                        name(),
                        transponder,
                        null,
                        null,
                        null,
                        time(fields),
                        null,
                        new Message(line.text(), "text/csv"),
                        null,
                        null),
                transponder);
    }

    private static Instant time(Fields fields) {
        return fields.parsed(
                TIME,
                "time generated",
                "a time such as 12:52:21.740, of a date such as 2022/04/10",
                text -> LocalDateTime.parse(fields.text(DATE) + " " + text, DATE_TIME)
                        .toInstant(ZoneOffset.UTC));
    }
}
