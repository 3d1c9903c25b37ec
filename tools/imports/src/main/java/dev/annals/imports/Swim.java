package dev.annals.imports;

import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.Message;
import dev.annals.flightidentities.PlanReport;
import dev.annals.flightidentities.TrackReport;
import dev.annals.imports.XmlMessages.XmlMessage;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final String SFDPS_POSITION = "flight/enRoute/position";
    private static final String SFDPS_TIME = SFDPS_POSITION + "@positionTime";
    private static final String TFM_TIME = "trackInformation/timeAtPosition";

    /** Hundreds of feet; a letter says more than where it is. */
    private static final Pattern TFM_ALTITUDE = Pattern.compile("(\\d{1,3})[A-Z]?");

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
                        required(message, SFDPS_TIME, "flight@timestamp"),
                        null,
                        new Message(message.text(), XML),
                        plan(message, "flight/departure@departurePoint", "flight/arrival@arrivalPoint"),
                        sfdpsTrack(message)),
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
                        required(message, TFM_TIME, "@sourceTimeStamp"),
                        null,
                        new Message(message.text(), XML),
                        plan(message, "@depArpt", "@arrArpt"),
                        tfmTrack(message)),
                flightRef);
    }

    /** Tracks restate where the flight goes by its plan; the rest of the plan they leave out. */
    private static @Nullable PlanReport plan(XmlMessage message, String origin, String destination) {
        return message.optional(origin) == null && message.optional(destination) == null
                ? null
                : new PlanReport(null, null, null);
    }

    private static @Nullable TrackReport sfdpsTrack(XmlMessage message) {
        String path = SFDPS_POSITION + "/position/location/pos";
        String place = message.optional(path);
        if (place == null || message.optional(SFDPS_TIME) == null) {
            return null;
        }
        String[] degrees = place.split("\\s+", -1);
        String expected = "latitude and longitude, such as 35.885 -119.825833";
        if (degrees.length != 2) {
            throw message.invalid(path, expected);
        }
        return new TrackReport(
                number(message, path, degrees[0], expected),
                number(message, path, degrees[1], expected),
                measured(message, SFDPS_POSITION + "/altitude", "FEET"),
                measured(message, SFDPS_POSITION + "/actualSpeed/surveillance", "KNOTS"));
    }

    private static @Nullable TrackReport tfmTrack(XmlMessage message) {
        String latitude = "trackInformation/position/latitude/latitudeDMS";
        String longitude = "trackInformation/position/longitude/longitudeDMS";
        if (message.optional(latitude + "@degrees") == null || message.optional(TFM_TIME) == null) {
            return null;
        }
        String altitude = message.optional("trackInformation/reportedAltitude/assignedAltitude/simpleAltitude");
        Matcher hundreds = TFM_ALTITUDE.matcher(altitude == null ? "" : altitude);
        return new TrackReport(
                degrees(message, latitude, "NORTH", "SOUTH"),
                degrees(message, longitude, "EAST", "WEST"),
                hundreds.matches() ? Integer.parseInt(hundreds.group(1)) * 100.0 : null,
                measured(message, "trackInformation/speed", "KNOTS"));
    }

    private static double degrees(XmlMessage message, String path, String positive, String negative) {
        String direction = message.required(path + "@direction");
        if (!direction.equals(positive) && !direction.equals(negative)) {
            throw message.invalid(path + "@direction", positive + " or " + negative);
        }
        double degrees = part(message, path + "@degrees")
                + part(message, path + "@minutes") / 60
                + part(message, path + "@seconds") / 3600;
        return direction.equals(positive) ? degrees : -degrees;
    }

    private static double part(XmlMessage message, String path) {
        return number(message, path, message.required(path), "a number");
    }

    /** @param unit that it must be in, where the message says one */
    private static @Nullable Double measured(XmlMessage message, String path, String unit) {
        String text = message.optional(path);
        if (text == null) {
            return null;
        }
        String told = message.optional(path + "@uom");
        if (told != null && !told.equals(unit)) {
            throw message.invalid(path + "@uom", unit);
        }
        return number(message, path, text, "a number");
    }

    private static double number(XmlMessage message, String path, String text, String expected) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw message.invalid(path, expected);
        }
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
