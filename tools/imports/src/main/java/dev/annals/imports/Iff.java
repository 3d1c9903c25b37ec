package dev.annals.imports;

import dev.annals.flights.FlightCommand.CreateFlight;
import dev.annals.flights.FlightCommand.FilePlan;
import dev.annals.flights.FlightCommand.RecordTrack;
import dev.annals.imports.IffFlight.Plan;
import dev.annals.imports.IffFlight.Track;
import dev.annals.imports.RecordedLine.Fields;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a terminal control facility has recorded of its flights (NASA Sherlock, Integrated Flight Format): records of
 * plans (type 4) and track points (type 3), each with the key of its flight. A flight is created with the first plan
 * that the rules accept, or without airports where there is none, and then every record is a command, in the order of
 * the file, which is not that of the times.
 *
 * <p>Each command expects the version that those before it leave, so nothing is recorded twice even when the service
 * has forgotten the ids of an earlier import. Reads the input twice, and keeps what becomes of each flight.
 */
final class Iff implements CommandSource<Iff.Kind> {

    private static final int TYPE = 0;
    private static final int TIME = 1;
    private static final int KEY = 2;
    private static final int FACILITY = 5;
    private static final int AIRCRAFT = 7;

    private static final int PLAN_AIRCRAFT_TYPE = 9;
    private static final int PLAN_ORIGIN = 10;
    private static final int PLAN_DESTINATION = 11;
    private static final int PLAN_COORDINATION = 23;
    private static final int PLAN_COORDINATION_TYPE = 24;

    private static final int TRACK_LATITUDE = 9;
    private static final int TRACK_LONGITUDE = 10;
    private static final int TRACK_ALTITUDE = 11;
    private static final int TRACK_SPEED = 16;

    private static final Set<String> RECORDS = Set.of("3", "4");

    /** What the facility writes where it does not know. */
    private static final String UNKNOWN = "?";

    /** Of {@link #PLAN_COORDINATION}: the departure that was proposed, and not an arrival that was estimated. */
    private static final String PROPOSED = "P";

    private static final BigDecimal FEET = BigDecimal.valueOf(100);
    private static final Duration HALF_A_DAY = Duration.ofHours(12);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HHmm", Locale.ROOT);

    private final List<InputFile> files;
    private Map<String, Plan> firstPlans = Map.of();

    enum Kind {
        CREATE,
        PLAN,
        TRACK
    }

    Iff(List<InputFile> files) {
        this.files = List.copyOf(files);
    }

    @Override
    public String name() {
        return "iff";
    }

    @Override
    public String aggregateType() {
        return "flights";
    }

    @Override
    public List<Class<? extends Record>> payloads() {
        return List.of(CreateFlight.class, FilePlan.class, RecordTrack.class);
    }

    @Override
    public Survey survey() {
        Map<String, Plan> plans = new HashMap<>();
        Map<String, Long> skipped = new TreeMap<>();
        long[] commands = {0};
        read(
                new Records() {
                    @Override
                    public void plan(String flight, Plan plan) {
                        if (IffFlight.isAccepted(plan)) {
                            plans.putIfAbsent(flight, plan);
                        }
                        commands[0]++;
                    }

                    @Override
                    public void track(String flight, Track track) {
                        commands[0]++;
                    }
                },
                what -> skipped.merge(what, 1L, Long::sum));
        firstPlans = plans;
        return new Survey(commands[0] + books().size(), skipped);
    }

    @Override
    public void forEach(Consumer<Outgoing<Kind>> commands) {
        fold(commands);
    }

    /** What must come of the input, by the flights' ids; after {@link #survey}. */
    Map<String, IffFlight> books() {
        return fold(command -> {});
    }

    private Map<String, IffFlight> fold(Consumer<Outgoing<Kind>> commands) {
        Map<String, IffFlight> books = new LinkedHashMap<>();
        read(
                new Records() {
                    @Override
                    public void plan(String flight, Plan plan) {
                        IffFlight before = flight(flight, plan.callsign(), plan.receivedAt());
                        commands.accept(command(flight, Kind.PLAN, plan.receivedAt(), before, filePlan(plan)));
                        before.take(plan);
                    }

                    @Override
                    public void track(String flight, Track track) {
                        IffFlight before = flight(flight, track.callsign(), track.time());
                        commands.accept(command(flight, Kind.TRACK, track.time(), before, recordTrack(track)));
                        before.take(track);
                    }

                    private IffFlight flight(String flight, String callsign, Instant time) {
                        return books.computeIfAbsent(flight, id -> {
                            Plan first =
                                    firstPlans.getOrDefault(id, new Plan(callsign, UNKNOWN, UNKNOWN, null, null, time));
                            IffFlight created = new IffFlight(first);
                            commands.accept(command(id, Kind.CREATE, time, created, createFlight(first)));
                            created.created();
                            return created;
                        });
                    }
                },
                what -> {});
        return books;
    }

    /** The number of its event in the id: there are records of one time. */
    private Outgoing<Kind> command(String flight, Kind kind, Instant time, IffFlight before, Record payload) {
        return new Outgoing<>(
                flight, "%s/%s/%d".formatted(name(), flight, before.records()), payload, time, before.version(), kind);
    }

    private static CreateFlight createFlight(Plan plan) {
        return new CreateFlight(
                plan.callsign(), plan.origin(), plan.destination(), null, plan.departure(), plan.aircraftType(), null);
    }

    private static FilePlan filePlan(Plan plan) {
        return new FilePlan(
                plan.callsign(),
                plan.origin(),
                plan.destination(),
                null,
                plan.departure(),
                plan.aircraftType(),
                null,
                plan.receivedAt());
    }

    private static RecordTrack recordTrack(Track track) {
        return new RecordTrack(
                track.time(), track.latitude(), track.longitude(), track.altitude(), track.groundSpeed());
    }

    private interface Records {

        void plan(String flight, Plan plan);

        void track(String flight, Track track);
    }

    private void read(Records records, Consumer<String> skipped) {
        for (InputFile file : files) {
            String facility = facility(file);
            Map<String, String> ids = new HashMap<>(); // keys are of one recording
            RecordedLine.forEach(List.of(file), line -> {
                Fields fields = line.fields(TIME + 1);
                switch (fields.text(TYPE)) {
                    case "3" -> {
                        Fields track = line.fields(TRACK_SPEED + 1);
                        records.track(id(facility, track, ids), track(track));
                    }
                    case "4" -> {
                        Fields plan = line.fields(PLAN_COORDINATION_TYPE + 1);
                        records.plan(id(facility, plan, ids), plan(plan));
                    }
                    case "2" -> skipped.accept("header-records");
                    default -> skipped.accept("other-records");
                }
            });
        }
    }

    /** The first that a record of a plan or a point names: neighbours' flights are in a recording too. */
    private static String facility(InputFile file) {
        List<String> named = new ArrayList<>();
        RecordedLine.forEach(List.of(file), line -> {
            if (named.isEmpty() && RECORDS.contains(line.fields(1).text(TYPE))) {
                Fields record = line.fields(FACILITY + 1);
                if (!record.text(FACILITY).equals(UNKNOWN)) {
                    named.add(record.parsed(FACILITY, "facility", "letters and digits", Iff::lettersAndDigits));
                }
            }
        });
        return named.isEmpty() ? "IFF" : named.getFirst();
    }

    /** It is in the ids of flights. */
    private static String lettersAndDigits(String text) {
        if (!text.matches("[A-Za-z0-9]{1,20}")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    /** The facility, the day of the flight's first record, and the key, which the facility gives anew. */
    private static String id(String facility, Fields record, Map<String, String> ids) {
        return ids.computeIfAbsent(
                record.parsed(KEY, "flight key", "digits", text -> Long.toString(Long.parseLong(text))),
                key -> "%s-%s-%s".formatted(facility, DAY.format(time(record)), key));
    }

    private static Plan plan(Fields record) {
        Instant receivedAt = time(record);
        String type = record.text(PLAN_AIRCRAFT_TYPE);
        return new Plan(
                record.text(AIRCRAFT),
                record.text(PLAN_ORIGIN),
                record.text(PLAN_DESTINATION),
                departure(record, receivedAt),
                type.equals(UNKNOWN) ? null : type,
                receivedAt);
    }

    private static Track track(Fields record) {
        return new Track(
                record.text(AIRCRAFT),
                time(record),
                record.parsed(TRACK_LATITUDE, "latitude", "degrees", Double::valueOf),
                record.parsed(TRACK_LONGITUDE, "longitude", "degrees", Double::valueOf),
                optional(record, TRACK_ALTITUDE, "altitude", FEET),
                optional(record, TRACK_SPEED, "ground speed", BigDecimal.ONE));
    }

    private static @Nullable Double optional(Fields record, int place, String field, BigDecimal unit) {
        return record.text(place).isEmpty()
                ? null
                : record.parsed(
                        place,
                        field,
                        "a number",
                        text -> new BigDecimal(text).multiply(unit).doubleValue());
    }

    private static Instant time(Fields record) {
        return record.parsed(
                TIME,
                "time",
                "seconds since 1970",
                text -> Instant.ofEpochMilli(
                        new BigDecimal(text).movePointRight(3).longValueExact()));
    }

    /** The record has the time of day alone: of those, the one that is nearest to the record. */
    private static @Nullable Instant departure(Fields record, Instant receivedAt) {
        if (!record.text(PLAN_COORDINATION_TYPE).equals(PROPOSED)
                || record.text(PLAN_COORDINATION).isEmpty()) {
            return null;
        }
        LocalTime clock = record.parsed(
                PLAN_COORDINATION,
                "coordination time",
                "hours and minutes such as 2004",
                text -> LocalTime.parse(text, CLOCK));
        Instant sameDay = receivedAt.atZone(ZoneOffset.UTC).with(clock).toInstant();
        Duration apart = Duration.between(receivedAt, sameDay);
        if (apart.compareTo(HALF_A_DAY) > 0) {
            return sameDay.minus(Duration.ofDays(1));
        }
        return apart.compareTo(HALF_A_DAY.negated()) < 0 ? sameDay.plus(Duration.ofDays(1)) : sameDay;
    }
}
