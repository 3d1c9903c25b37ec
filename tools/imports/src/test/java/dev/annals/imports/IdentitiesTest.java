package dev.annals.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.api.Decision.Accepted;
import dev.annals.flightidentities.FlightIdentities;
import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.IdentityDecider;
import dev.annals.flightidentities.IdentityEvent;
import dev.annals.flightidentities.PlanReport;
import dev.annals.flightidentities.TrackReport;
import dev.annals.imports.CommandSource.Outgoing;
import dev.annals.operations.OperationFailedException;
import dev.annals.testsupport.RealData;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitiesTest {

    @Nested
    class Swim_messages {

        @Test
        void of_an_en_route_centre_name_callsign_airports_departure_and_a_gufi() {
            List<Outgoing<Told>> commands = commands(new Swim(), Files.resource("flights/sfdps-msg.xml"));

            assertThat(commands).extracting(Outgoing::aggregateId).containsExactly("BUP777", "AXE505");
            Identify first = (Identify) commands.getFirst().payload();
            assertThat(first)
                    .isEqualTo(new Identify(
                            "sfdps",
                            "fefe80e1-e654-4186-be88-1fb554cc84d7",
                            "KBUR",
                            "KOAK",
                            Instant.parse("2013-12-19T23:57:00Z"),
                            Instant.parse("2013-12-20T00:18:33Z"),
                            null,
                            first.message(),
                            new PlanReport(null, null, null),
                            new TrackReport(35.885, -119.825833, 36_000.0, 427.0)));
        }

        @Test
        void of_traffic_flow_management_have_a_reference_of_their_own() {
            List<Outgoing<Told>> commands = commands(new Swim(), Files.resource("flights/tfmDataService.xml"));

            assertThat(commands).extracting(Outgoing::aggregateId).containsExactly("VRD169", "N302GV");
            Identify first = (Identify) commands.getFirst().payload();
            assertThat(first)
                    .isEqualTo(new Identify(
                            "tfm",
                            "43987902",
                            "KEWR",
                            "KLAX",
                            Instant.parse("2017-08-07T21:59:00Z"),
                            Instant.parse("2017-08-08T00:44:12Z"),
                            null,
                            first.message(),
                            new PlanReport(null, null, null),
                            new TrackReport(
                                    41 + 5 / 60.0 + 17 / 3600.0, -(79 + 26 / 60.0 + 47 / 3600.0), 32_000.0, 398.0)));
        }

        @ParameterizedTest
        @CsvSource({
            "flights/sfdps-msg.xml,<message xmlns:xsi=,</message>",
            "flights/tfmDataService.xml,<fdm:fltdMessage acid=,</fdm:fltdMessage>"
        })
        void are_kept_as_they_stand_in_the_file(String file, String begin, String end) throws Exception {
            String all;
            try (var reader = Files.resource(file).open()) {
                StringBuilder text = new StringBuilder();
                for (int next = reader.read(); next >= 0; next = reader.read()) {
                    text.append((char) next);
                }
                all = text.toString();
            }
            assertThat(commands(new Swim(), Files.resource(file))).hasSize(2).allSatisfy(command -> {
                String text = ((Identify) command.payload()).message().text();
                assertThat(all).contains(text);
                assertThat(text).startsWith(begin).endsWith(end);
            });
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "<!DOCTYPE MessageCollection [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><MessageCollection>&x;</MessageCollection>",
                    "<!DOCTYPE MessageCollection SYSTEM \"http://127.0.0.1:1/x.dtd\"><MessageCollection/>",
                    "<MessageCollection>&x;</MessageCollection>",
                    "<MessageCollection>",
                    "<other/>",
                    "callsign,origin"
                })
        void of_no_such_format_or_with_a_document_type_are_refused(String xml) {
            Identities source = source(new Swim(), text(xml));

            assertThatThrownBy(source::survey)
                    .isInstanceOf(OperationFailedException.class)
                    .hasMessageContaining("a file");
        }

        @Test
        void that_lack_what_they_must_have_are_refused_with_its_place() {
            String xml =
                    "<tfmDataService><fltdOutput>\n<fltdMessage msgType='trackInformation' acid='A1'></fltdMessage></fltdOutput></tfmDataService>";
            assertThatThrownBy(source(new Swim(), text(xml))::survey)
                    .hasMessageContaining("a file, line 2: the message has no @flightRef");
        }

        @Test
        void whose_position_is_in_another_unit_are_refused_with_its_place() {
            String xml = """
                    <MessageCollection><message><flight><enRoute><position positionTime='2013-12-20T00:18:33Z'>
                    <altitude uom='METRES'>100</altitude><position><location><pos>35 -119</pos></location></position>
                    </position></enRoute><flightIdentification aircraftIdentification='A1'/><gufi>g</gufi></flight>
                    </message></MessageCollection>""";
            assertThatThrownBy(source(new Swim(), text(xml))::survey)
                    .hasMessageContaining("flight/enRoute/position/altitude@uom 'METRES': expected FEET");
        }

        @Test
        void without_airports_or_a_position_are_neither_plan_nor_track() {
            String xml =
                    "<tfmDataService><fltdMessage msgType='trackInformation' acid='A1' flightRef='1' sourceTimeStamp='2017-08-08T00:44:12Z'></fltdMessage></tfmDataService>";
            assertThat((Identify) commands(new Swim(), text(xml)).getFirst().payload())
                    .returns(null, Identify::plan)
                    .returns(null, Identify::track);
        }

        @Test
        void of_another_kind_are_counted() {
            String xml =
                    "<tfmDataService><fltdMessage msgType='flightModify' acid='A1'></fltdMessage></tfmDataService>";
            assertThat(source(new Swim(), text(xml)).survey().skipped()).isEqualTo(Map.of("other-messages", 1L));
        }
    }

    @Nested
    class Lines_of_a_receiver {

        @Test
        void with_a_callsign_are_commands_and_the_others_are_counted() {
            Identities source = source(new Sbs(), Files.resource("flights/sbs.csv"));

            List<Outgoing<Told>> commands = Files.commands(source);

            assertThat(commands).extracting(Outgoing::aggregateId).containsExactly("N1600W", "EJA804");
            Identify first = (Identify) commands.getFirst().payload();
            assertThat(first.externalId()).isEqualTo("A0F41B");
            assertThat(first.time()).isEqualTo(Instant.parse("2022-04-10T12:52:21.806Z"));
            assertThat(first.message().text()).startsWith("MSG,1,1,1,A0F41B").endsWith(",0");
            assertThat(source.survey().skipped()).isEqualTo(Map.of("without-callsign", 2L));
        }

        @Test
        void that_stand_twice_are_sent_once() {
            String line = "MSG,1,1,1,A0F41B,1,2022/04/10,12:52:21.806,2022/04/10,12:52:21.847,N1600W  ,,,,,,,,,,,0";
            Identities source = source(new Sbs(), text(line + "\n" + line));

            assertThat(Files.commands(source)).hasSize(1);
            assertThat(source.survey().skipped()).isEqualTo(Map.of("repeated-messages", 1L));
        }

        @Test
        void with_a_callsign_that_was_misheard_are_counted() {
            String line = "MSG,1,1,1,A0F41B,1,2022/04/10,12:52:21.806,2022/04/10,12:52:21.847,N1 0?W  ,,,,,,,,,,,0";
            assertThat(source(new Sbs(), text(line)).survey().skipped()).isEqualTo(Map.of("malformed-callsigns", 1L));
        }

        @Test
        void without_a_time_are_refused_with_their_place() {
            String line = "MSG,1,1,1,A0F41B,1,2022/04/10,noon,2022/04/10,12:52:21.847,N1600W  ,,,,,,,,,,,0";
            assertThatThrownBy(source(new Sbs(), text(line))::survey)
                    .hasMessageContaining("a file, line 1: time generated 'noon'");
        }
    }

    @Nested
    class Records_of_an_airport {

        private final Identities source = source(new Sfo(), Files.resource("flights/sfo.ndjson"));
        private final List<Outgoing<Told>> commands = Files.commands(source);

        @Test
        void go_to_the_callsign_that_operates_as_they_name_it_or_as_times_and_partners_tell() {
            assertThat(commands)
                    .extracting(Outgoing::aggregateId)
                    .containsExactly("CSN657", "CSN657", "BAW285", "BAW285", "EVA17", "EVA17", "AAL76");
            assertThat(commands)
                    .extracting(each -> ((Identify) each.payload()).codeshare())
                    .containsExactly("AAL7050", null, "AAL6188", null, "AVA4504", null, "BAW4329");
            assertThat(source.rows()).isEqualTo(Map.of("codesharesNamed", 3L, "codesharesByTimes", 1L));
        }

        @Test
        void tell_of_a_codeshare_what_the_flight_itself_tells() {
            Identify codeshare = (Identify) commands.get(4).payload();
            Identify operating = (Identify) commands.get(5).payload();

            assertThat(codeshare)
                    .returns("20200401-D-EVA-17", Identify::externalId)
                    .returns("KSFO", Identify::origin)
                    .returns("RCTP", Identify::destination)
                    .returns(Instant.ofEpochSecond(1585813500), Identify::departure)
                    .returns(operating.time(), Identify::time);
            assertThat(codeshare.message()).isNotEqualTo(operating.message());
        }

        @Test
        void of_an_arrival_tell_no_departure() {
            assertThat((Identify) commands.getFirst().payload())
                    .returns(null, Identify::departure)
                    .returns(Instant.ofEpochSecond(1585795200), Identify::time);
        }

        @ParameterizedTest
        @ValueSource(strings = {"{", "{\"sfomuseum:flight_id\":\"x\"}", "[]"})
        void that_are_malformed_are_refused_with_their_place(String line) {
            assertThatThrownBy(source(new Sfo(), text(line))::survey)
                    .isInstanceOf(OperationFailedException.class)
                    .hasMessageContaining("a file, line 1");
        }
    }

    /**
     * Commands and flights as counted by a program that is not ours: flights are what operates (as named, or itself,
     * with its journey), and further apart than six hours.
     */
    @ParameterizedTest
    @CsvSource({
        "swim,flights/sfdps-msg.xml,100,100",
        "swim,flights/tfmDataService.xml,36,35",
        "sbs,flights/sbs.csv,49,47",
    })
    void recorded_messages_lead_to_one_id_for_each_flight_in_any_order(
            String channel, String file, int messages, int flights) {
        assertOneIdForEachFlight(channel, file, messages, flights);
    }

    @Test
    void recorded_flights_of_an_airport_lead_to_one_id_each_in_any_order() {
        Identities source =
                assertOneIdForEachFlight("sfo", "flights/sfo_flights_2020-04-01_07.ndjson.gz", 11_781, 6_700);

        assertThat(source.rows())
                .isEqualTo(Map.of("codesharesNamed", 4_958L, "codesharesByTimes", 633L, "codesharesUndecided", 127L));
    }

    private static Identities assertOneIdForEachFlight(String channel, String file, int messages, int flights) {
        Identities source = source(
                switch (channel) {
                    case "swim" -> new Swim();
                    case "sbs" -> new Sbs();
                    default -> new Sfo();
                },
                InputFile.of(RealData.file(file)));
        List<Outgoing<Told>> commands = new ArrayList<>(Files.commands(source));
        assertThat(commands).hasSize(messages);

        Map<String, FlightIdentities> inOrder = folded(commands);
        assertThat(inOrder.values().stream()
                        .mapToInt(each -> each.flights().size())
                        .sum())
                .isEqualTo(flights);
        assertThat(source.books().flights()).isEqualTo(flights);
        Collections.shuffle(commands, new Random(20_261_201));
        assertThat(folded(commands)).isEqualTo(inOrder);
        return source;
    }

    /** By the domain's own rules, which take every message. */
    private static Map<String, FlightIdentities> folded(List<Outgoing<Told>> commands) {
        IdentityDecider decider = new IdentityDecider();
        Map<String, FlightIdentities> all = new TreeMap<>();
        for (Outgoing<Told> command : commands) {
            FlightIdentities known = all.getOrDefault(command.aggregateId(), decider.initial());
            var decision = decider.decide((Identify) command.payload(), known);
            assertThat(decision).isInstanceOf(Accepted.class);
            for (IdentityEvent event : ((Accepted<IdentityEvent>) decision).events()) {
                known = decider.fold(known, event);
            }
            all.put(command.aggregateId(), known);
        }
        return all;
    }

    private static List<Outgoing<Told>> commands(Channel channel, InputFile file) {
        return Files.commands(source(channel, file));
    }

    private static Identities source(Channel channel, InputFile... files) {
        return new Identities(channel, Stream.of(files).toList());
    }

    private static InputFile text(String text) {
        return Files.bytes("a file", text.getBytes(StandardCharsets.UTF_8));
    }
}
