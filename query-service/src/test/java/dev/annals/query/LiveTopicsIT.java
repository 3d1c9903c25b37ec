package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.query.LiveReader.Event;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All events of a type, and all changes of a view, from two instances. */
@Tag("long")
@WithKafka
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveTopicsIT {

    private static final String EVENTS = "/v1/accounts/*/events";
    private static final String CHANGES = "/v1/accounts";

    private final Installation installation;
    private Instance first;
    private Instance second;

    LiveTopicsIT(KafkaCluster kafka) {
        installation = new Installation(kafka);
    }

    @BeforeAll
    void start(@TempDir Path one, @TempDir Path two) {
        first = installation.start(one);
        second = installation.start(two);
        installation.awaitReady();
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    private static List<String> accounts(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + "-" + i).toList();
    }

    /** Every one of these events, in the order of each stream and no other. */
    private static void assertStreams(List<Event> events, List<String> accounts, int length) {
        Map<String, List<String>> streams = events.stream()
                .map(event -> event.data().get("id").asText())
                .collect(Collectors.groupingBy(id -> id.substring(id.indexOf('/') + 1, id.lastIndexOf('/'))));
        assertThat(streams).containsOnlyKeys(accounts);
        streams.forEach((account, ids) -> assertThat(ids)
                .isEqualTo(IntStream.rangeClosed(1, length)
                        .mapToObj(version -> "accounts/%s/%d".formatted(account, version))
                        .toList()));
    }

    @Test
    void every_event_of_a_type_comes_from_every_instance() throws Exception {
        List<String> accounts = accounts("all", 8); // in all four partitions
        try (LiveReader here = first.live(EVENTS);
                LiveReader there = second.live(EVENTS)) {
            accounts.forEach(account -> installation.deposits(account, 1, 5));

            for (LiveReader reader : List.of(here, there)) {
                assertThat(reader.contentType()).startsWith("text/event-stream");
                List<Event> events = reader.next(40);
                assertStreams(events, accounts, 5);
                assertThat(events.getFirst().data().at("/data/amount").isMissingNode())
                        .isFalse();
            }
        }
    }

    @Test
    void what_comes_between_two_connections_is_not_missed_even_before_the_first_event() throws Exception {
        String position;
        try (LiveReader reader = first.live(EVENTS)) {
            position = reader.firstPosition();
        }

        installation.deposits("between", 1, 2);

        try (LiveReader reader = second.live(EVENTS, "Last-Event-ID", position)) {
            assertStreams(reader.next(2), List.of("between"), 2);
        }
        try (LiveReader reader = second.live(EVENTS + "?from=" + position)) {
            assertStreams(reader.next(2), List.of("between"), 2);
        }
    }

    /** Each leaves after a random number of events and comes back to a random instance, while events are written. */
    @Test
    void readers_that_come_and_go_see_each_event_once_and_in_order() throws Exception {
        List<String> accounts = accounts("busy", 12);
        int history = 30;
        int length = 50;
        String start;
        try (LiveReader reader = first.live(EVENTS)) {
            start = reader.firstPosition();
        }
        accounts.forEach(
                account -> installation.deposits(account, 1, history)); // comes in large batches, the rest one by one
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Event>>> readers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Random random = new Random(i);
                readers.add(
                        threads.submit((Callable<List<Event>>) () -> readAll(start, accounts.size() * length, random)));
            }
            for (int version = history + 1; version <= length; version++) {
                for (String account : accounts) {
                    installation.deposits(account, version, version);
                }
            }
            for (Future<List<Event>> reader : readers) {
                assertStreams(reader.get(2, TimeUnit.MINUTES), accounts, length);
            }
        }
    }

    private List<Event> readAll(String start, int count, Random random) throws IOException {
        List<Event> events = new ArrayList<>();
        String last = start;
        while (events.size() < count) {
            Instance any = random.nextBoolean() ? first : second;
            try (LiveReader reader = any.live(EVENTS, "Last-Event-ID", last)) {
                assertThat(reader.status()).isEqualTo(200);
                for (int left = random.nextInt(60); left > 0 && events.size() < count; left--) {
                    events.add(reader.next().orElseThrow());
                }
                if (random.nextBoolean()) {
                    reader.firstPosition(); // at least that
                }
                last = reader.lastId().isEmpty() ? last : reader.lastId();
            }
        }
        return events;
    }

    @Test
    void every_change_of_a_view_comes_and_nothing_that_was_aborted() throws Exception {
        try (LiveReader here = first.live(CHANGES);
                LiveReader there = second.live(CHANGES)) {
            installation.account("changed", 1, "1");
            installation.abortedAccount("changed");
            installation.account("changed", 2, "2.5");
            installation.deleteAccount("changed");

            for (LiveReader reader : List.of(here, there)) {
                List<Event> changes = reader.next(3);
                assertThat(changes)
                        .allSatisfy(change ->
                                assertThat(change.data().get("id").asText()).isEqualTo("changed"));
                assertThat(changes.get(0).data().get("version").longValue()).isEqualTo(1);
                assertThat(changes.get(1).data().get("balance").textValue()).isEqualTo("2.5");
                assertThat(changes.get(2).data()).hasToString("{\"id\":\"changed\",\"removed\":true}");
            }
        }
    }

    @Test
    void all_that_a_topic_has_can_be_read_before_what_comes() throws Exception {
        List<String> countries = accounts("country", 6);
        countries.forEach(country -> installation.row("country-sales.view.1", "CountrySalesRow", country, 1, Map.of()));
        try (LiveReader reader = second.live("/v1/country-sales?from=first")) {
            List<Event> there = reader.next(6);
            installation.row("country-sales.view.1", "CountrySalesRow", "country-0", 2, Map.of());

            assertThat(there)
                    .extracting(change -> change.data().get("id").asText())
                    .containsExactlyInAnyOrderElementsOf(countries);
            assertThat(reader.next(1).getFirst().data().get("version").longValue())
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "7", "", "1.0.0.0.0.0"})
    void an_id_that_was_never_sent_is_refused(String last) throws Exception {
        for (String path : List.of(EVENTS, CHANGES)) {
            try (LiveReader reader = first.live(path, "Last-Event-ID", last)) {
                assertThat(reader.status()).isEqualTo(400);
                assertThat(reader.text()).contains("Last-Event-ID");
            }
        }
    }

    @Test
    void the_position_in_another_topic_is_refused() throws Exception {
        String position;
        try (LiveReader reader = first.live(EVENTS)) {
            position = reader.firstPosition();
        }
        try (LiveReader reader = first.live(CHANGES, "Last-Event-ID", position)) {
            assertThat(reader.status()).isEqualTo(400);
        }
    }

    @Test
    void the_events_of_a_type_are_there_only_live() {
        Instance.Response response = first.get(EVENTS);

        assertThat(response.status()).isEqualTo(406);
        assertThat(response.detail()).contains("text/event-stream");
    }

    /** Nothing is to happen, so there is nothing to wait for. */
    private static void quiet() {
        Awaitility.await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
    }

    @Test
    void readers_are_told_that_the_service_stops(@TempDir Path three) throws Exception {
        Instance stopping = installation.start(three);
        stopping.awaitReady();
        List<String> accounts = accounts("stop", 6); // some are there, the others are passed on
        accounts.forEach(account -> installation.deposits(account, 1, 1));
        List<LiveReader> readers = new ArrayList<>();
        for (String account : accounts) {
            stopping.await("/v1/accounts/" + account + "/events");
            LiveReader one = stopping.live("/v1/accounts/" + account + "/events");
            assertThat(one.next()).isPresent();
            readers.add(one);
        }
        LiveReader all = stopping.live(EVENTS);
        all.firstPosition();
        readers.add(all);
        quiet(); // connections on which nothing moved for a second are the first that a server closes

        stopping.close();

        for (LiveReader reader : readers) {
            assertThat(reader.next()).isEmpty();
            assertThat(reader.end()).isEqualTo("stopping");
            reader.close();
        }
    }
}
