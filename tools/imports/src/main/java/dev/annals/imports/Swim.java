package dev.annals.imports;

import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.Message;
import dev.annals.imports.XmlMessages.XmlMessage;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Flight messages of the FAA's SWIM services: SFDPS (FIXM, of an en route centre) and TFMData (of the traffic flow
 * management), told apart by the outermost element. Both name a flight by callsign and airports, and each has an
 * identifier that the other does not know: a {@code gufi} and a {@code flightRef}.
 */
final class Swim implements Channel {

    private static final String SFDPS = "MessageCollection";
    private static final String TFM = "tfmDataService";
    private static final Map<String, String> MESSAGES = Map.of(SFDPS, "message", TFM, "fltdMessage");
    private static final String XML = "application/xml";

    private static final String TFM_AIRCRAFT = "trackInformation/qualifiedAircraftId/";

    @Override
    public String name() {
        return "swim";
    }

    @Override
    public void read(List<InputFile> files, Consumer<Told> messages, Counts counts) {
        for (InputFile file : files) {
            XmlMessages.forEach(file, MESSAGES, (root, message) -> {
                Told told = root.equals(SFDPS) ? sfdps(message) : tfm(message);
                if (told == null) {
                    counts.skip("other-messages");
                } else {
                    messages.accept(told);
                }
            });
        }
    }

    /** Null where it names no flight. */
    private static @Nullable Told sfdps(XmlMessage message) {
        String gufi = message.optional("flight/gufi");
        if (gufi == null) {
            return null;
        }
        String departure = "flight/departure/runwayPositionAndTime/runwayTime/";
        return new Told(
                message.required("flight/flightIdentification@aircraftIdentification"),
                new Identify(
                        "sfdps",
                        gufi,
                        message.optional("flight/departure@departurePoint"),
                        message.optional("flight/arrival@arrivalPoint"),
                        time(message, departure + "actual@time", departure + "estimated@time"),
                        required(message, "flight/enRoute/position@positionTime", "flight@timestamp"),
                        null,
                        new Message(message.text(), XML)),
                gufi);
    }

    /** Null of what is no track, which has no identifiers in one place. */
    private static @Nullable Told tfm(XmlMessage message) {
        if (!"trackInformation".equals(message.optional("@msgType"))) {
            return null;
        }
        String flightRef = message.required("@flightRef");
        return new Told(
                message.required("@acid"),
                new Identify(
                        "tfm",
                        flightRef,
                        message.optional("@depArpt"),
                        message.optional("@arrArpt"),
                        time(message, TFM_AIRCRAFT + "igtd"),
                        required(message, "trackInformation/timeAtPosition", "@sourceTimeStamp"),
                        null,
                        new Message(message.text(), XML)),
                flightRef);
    }

    private static Instant required(XmlMessage message, String... paths) {
        Instant time = time(message, paths);
        return time == null ? Instant.parse(message.required(paths[0])) : time;
    }

    /** Of the first of these that is there. */
    private static @Nullable Instant time(XmlMessage message, String... paths) {
        for (String path : paths) {
            String text = message.optional(path);
            if (text != null) {
                try {
                    return Instant.parse(text);
                } catch (DateTimeException e) {
                    throw message.invalid(path, "a time such as 2013-12-20T00:18:33Z");
                }
            }
        }
        return null;
    }
}
