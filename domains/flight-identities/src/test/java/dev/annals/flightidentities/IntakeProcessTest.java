package dev.annals.flightidentities;

import static dev.annals.flightidentities.Messages.NOON;
import static dev.annals.flightidentities.Messages.hours;
import static dev.annals.testkit.ProcessKit.accepted;
import static dev.annals.testkit.ProcessKit.failed;
import static dev.annals.testkit.ProcessKit.happened;
import static dev.annals.testkit.ProcessKit.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Effect.Send;
import dev.annals.api.Input;
import dev.annals.api.Input.Happened;
import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.IdentityEvent.FlightsMerged;
import dev.annals.flights.FlightCommand.CreateFlight;
import dev.annals.flights.FlightCommand.FilePlan;
import dev.annals.flights.FlightCommand.MergeFlights;
import dev.annals.flights.FlightCommand.RecordTrack;
import dev.annals.testkit.ProcessKit;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IntakeProcessTest {

    private static final String NAME = "20200401T1200";
    private static final String GUFI = "UAL1." + NAME;
    private static final String OTHER = "UAL1P.20200401T1210";
    private static final Send CREATE = create(GUFI, "UAL1");
    private static final Send CREATE_OTHER = create(OTHER, "UAL1P");

    private static final Happened PLANNED = told(1, Messages.planned("KSFO", "WSSS", hours(-2)));
    private static final Send PLAN = new Send(GUFI, filed("WSSS", hours(-2)));
    private static final Happened SEEN = told(2, Messages.tracked(37.5, hours(1)));
    private static final Send TRACK = new Send(GUFI, track(37.5, hours(1)));
    private static final Happened MERGED = happened("UAL1", 3, new FlightsMerged(NAME, OTHER));
    private static final Send MERGE = new Send(GUFI, new MergeFlights(OTHER));

    @Test
    void the_first_message_creates_the_flight_and_is_told_when_it_is_there() {
        given().when(PLANNED)
                .then(CREATE)
                .when(accepted(CREATE))
                .then(PLAN)
                .when(accepted(PLAN))
                .thenNothing();
    }

    @Test
    void a_flight_is_created_alike_whatever_its_first_message_says() {
        given().when(SEEN).then(CREATE).when(accepted(CREATE)).then(TRACK);
        given().when(told(1, Messages.seen("A6C75E", NOON)))
                .then(CREATE)
                .when(accepted(CREATE))
                .thenNothing();
    }

    @Test
    void what_comes_before_the_flight_is_there_waits_and_then_comes_in_order() {
        given(PLANNED)
                .when(SEEN)
                .thenNothing()
                .when(accepted(CREATE))
                .then(PLAN, TRACK)
                .when(told(3, Messages.tracked(38, hours(2))))
                .then(new Send(GUFI, track(38, hours(2))));
    }

    @Test
    void a_message_that_is_both_is_a_plan_and_a_track() {
        Identify both = new Identify(
                "tfm",
                "B-1",
                "KSFO",
                null,
                NOON,
                hours(1),
                null,
                Messages.TEXT,
                new PlanReport("SERFR4", "B738", "N201FQ"),
                new TrackReport(37.5, -122, 31_000.0, 420.0));

        given(PLANNED, accepted(CREATE))
                .when(told(2, both))
                .then(
                        new Send(GUFI, new FilePlan("UAL1", "KSFO", "?", "SERFR4", NOON, "B738", "N201FQ", hours(1))),
                        new Send(GUFI, new RecordTrack(hours(1), 37.5, -122, 31_000.0, 420.0)));
    }

    @Test
    void a_flight_that_somebody_else_has_created_is_as_good() {
        assertThat(given(PLANNED)
                        .when(rejected(CREATE, "flight-already-exists"))
                        .then(PLAN)
                        .state()
                        .problem())
                .isNull();
    }

    /** In the answer of the flight, that it does not exist. */
    @Test
    void what_is_told_of_a_flight_that_can_not_be_created_is_rejected_where_it_shows() {
        assertThat(given(PLANNED)
                        .when(rejected(CREATE, "invalid-callsign"))
                        .then(PLAN)
                        .when(rejected(PLAN, "flight-not-found"))
                        .thenNothing()
                        .state()
                        .problem())
                .isEqualTo("flight-not-found");
    }

    @Test
    void a_creation_that_failed_is_waited_for_until_it_is_sent_again() {
        ProcessKit<Intake> kit = given(PLANNED).when(failed(CREATE)).thenNothing();

        assertThat(kit.state().problem()).isEqualTo("failed");
        kit.when(SEEN).thenNothing().when(accepted(CREATE)).then(PLAN, TRACK);
    }

    @Test
    void what_is_too_much_to_be_held_goes_at_once() {
        ProcessKit<Intake> full = given(LongStream.rangeClosed(1, Intake.MAX_HELD)
                .mapToObj(version -> told(version, Messages.tracked(37, NOON.plusSeconds(version))))
                .toArray(Happened[]::new));

        full.when(told(100, Messages.tracked(38, hours(1))))
                .then(new Send(GUFI, track(38, hours(1))))
                .when(accepted(CREATE))
                .then(LongStream.rangeClosed(1, Intake.MAX_HELD)
                        .mapToObj(version -> new Send(GUFI, track(37, NOON.plusSeconds(version))))
                        .toArray(Send[]::new));
    }

    @Test
    void the_flight_that_stands_for_a_merged_one_gets_its_last_plan_and_track() {
        given(PLANNED, SEEN, accepted(CREATE))
                .when(MERGED)
                .then(MERGE, CREATE_OTHER)
                .when(rejected(CREATE_OTHER, "flight-already-exists"))
                .then(new Send(OTHER, PLAN.command()), new Send(OTHER, TRACK.command()));
    }

    @Test
    void a_flight_is_not_merged_before_it_is_there_and_was_told_what_is_held() {
        given(PLANNED)
                .when(MERGED)
                .thenNothing()
                .when(accepted(CREATE))
                .then(PLAN, MERGE, CREATE_OTHER)
                .when(accepted(CREATE_OTHER))
                .then(new Send(OTHER, PLAN.command()));
    }

    /** Its identification may be older than the process. */
    @Test
    void a_flight_that_is_merged_before_anything_is_told_of_it_is_created() {
        given().when(MERGED)
                .then(CREATE)
                .when(accepted(CREATE))
                .then(MERGE, CREATE_OTHER)
                .when(accepted(CREATE_OTHER))
                .thenNothing();
    }

    @Test
    void messages_about_a_merged_flight_are_for_the_one_that_stands_for_it() {
        IntakeProcess process = new IntakeProcess();

        assertThat(process.instance(PLANNED)).isEqualTo(GUFI);
        assertThat(process.instance(MERGED)).isEqualTo(GUFI);
        assertThat(process.instance(
                        happened("UAL1", 4, Messages.identified(NAME, false, OTHER, Messages.tracked(37.5, hours(1))))))
                .isEqualTo(OTHER);
    }

    /** Another callsign's register still names this flight. */
    @Test
    void what_comes_to_a_merged_flight_is_passed_on() {
        Happened fromAfar = happened("UAL1X", 9, Messages.identified("x", false, GUFI, Messages.tracked(39, hours(3))));
        Send passed = new Send(OTHER, track(39, hours(3)));

        given(PLANNED, accepted(CREATE), MERGED)
                .when(fromAfar)
                .thenNothing()
                .when(accepted(CREATE_OTHER))
                .then(new Send(OTHER, PLAN.command()), passed);
        given(PLANNED, accepted(CREATE), MERGED, accepted(CREATE_OTHER))
                .when(fromAfar)
                .then(passed);
    }

    @Test
    void a_callsign_that_no_flight_can_have_belongs_to_no_instance() {
        assertThat(new IntakeProcess()
                        .instance(happened(
                                "A".repeat(200), 1, Messages.identified(NAME, true, null, Messages.seen("x", NOON)))))
                .isNull();
    }

    @Test
    void the_last_plan_and_track_are_the_last_by_their_own_time() {
        Intake state = given(
                        PLANNED,
                        told(2, Messages.planned("KSFO", "KOAK", hours(-3))),
                        told(3, Messages.tracked(38, hours(2))),
                        told(4, Messages.tracked(37, hours(1))))
                .state();

        assertThat(state.plan()).isEqualTo(filed("WSSS", hours(-2)));
        assertThat(state.track()).isEqualTo(track(38, hours(2)));
    }

    /** Two callsigns' messages, a merge, and answers, in every order: the same commands, and each once. */
    @Test
    void the_same_is_sent_in_any_order() {
        List<Happened> others = List.of(
                happened("UAL1X", 1, Messages.identified("x", false, GUFI, Messages.tracked(38, hours(2)))),
                happened("UAL1X", 2, Messages.identified("x", false, GUFI, Messages.tracked(39, hours(3)))));
        Set<Object> ends = new HashSet<>();

        ProcessKit.inAnyOrder(new IntakeProcess(), List.of(PLANNED, SEEN), others)
                .answeredBy(ProcessKit::accepted)
                .thenEachEnd((inputs, end) -> {
                    assertThat(end.sent().values()).containsOnly(1L);
                    assertThat(end.state().held()).isEmpty();
                    ends.add(List.of(end.sent(), end.state().plan(), end.state().track()));
                });

        assertThat(ends).hasSize(1);
    }

    private static ProcessKit<Intake> given(Input... inputs) {
        return ProcessKit.given(new IntakeProcess(), inputs);
    }

    private static Happened told(long version, Identify message) {
        return happened("UAL1", version, Messages.identified(NAME, version == 1, null, message));
    }

    private static Send create(String gufi, String callsign) {
        return new Send(gufi, new CreateFlight(callsign, "?", "?", null, null, null, null));
    }

    private static FilePlan filed(String destination, Instant time) {
        return new FilePlan("UAL1", "KSFO", destination, null, NOON, null, null, time);
    }

    private static RecordTrack track(double latitude, Instant time) {
        return new RecordTrack(time, latitude, -122, null, null);
    }
}
