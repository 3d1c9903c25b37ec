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
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two instances, so that every stream is read where it is, and through the other. */
@WithKafka
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveEventsIT {

    /** As a browser waits that has been told nothing else. */
    private static final Duration RECONNECT_PAUSE = Duration.ofSeconds(1);

    private final Installation installation;
    private Instance first;
    private Instance second;

    LiveEventsIT(KafkaCluster kafka) {
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

    private static String path(String id) {
        return "/v1/accounts/" + id + "/events";
    }

    private static List<Long> ids(List<Event> events) {
        return events.stream().map(Event::version).toList();
    }

    private static List<Long> versions(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private void awaitEvents(String id) {
        List.of(first, second).forEach(each -> each.await(path(id)));
    }

    @Test
    void what_was_and_what_comes_is_one_stream_on_every_instance() throws Exception {
        List<String> ids = IntStream.range(0, 6).mapToObj(i -> "seam-" + i).toList();
        ids.forEach(id -> installation.deposits(id, 1, 3));
        ids.forEach(this::awaitEvents);
        List<LiveReader> readers = new ArrayList<>();
        for (String id : ids) {
            readers.add(first.live(path(id)));
            readers.add(second.live(path(id)));
        }
        for (LiveReader reader : readers) {
            assertThat(ids(reader.next(3))).isEqualTo(versions(1, 3));
        }

        ids.forEach(id -> installation.deposits(id, 4, 5));

        for (LiveReader reader : readers) {
            List<Event> live = reader.next(2);
            assertThat(ids(live)).isEqualTo(versions(4, 5));
            assertThat(live.getFirst().data().get("type").textValue()).isEqualTo("annals.accounts.MoneyDeposited");
            assertThat(live.getFirst().data().get("version").longValue()).isEqualTo(4);
            assertThat(live.getFirst().data().at("/data/amount").isMissingNode())
                    .isFalse();
            assertThat(reader.contentType()).startsWith("text/event-stream");
            reader.close();
        }
    }

    @Test
    void a_reader_goes_on_after_the_last_event_that_it_has_seen() throws Exception {
        installation.deposits("resumed", 1, 10);
        awaitEvents("resumed");

        for (Instance each : List.of(first, second)) { // one of them passes it on
            try (LiveReader reader = each.live(path("resumed"), "Last-Event-ID", "7")) {
                assertThat(ids(reader.next(3))).isEqualTo(versions(8, 10));
            }
            try (LiveReader reader = each.live(path("resumed") + "?from=10")) {
                assertThat(ids(reader.next(1))).containsExactly(10L);
            }
        }
    }

    @Test
    void an_aggregate_without_events_is_not_found() throws Exception {
        for (Instance each : List.of(first, second)) {
            try (LiveReader reader = each.live(path("nobody"))) {
                assertThat(reader.status()).isEqualTo(404);
                assertThat(reader.text()).contains("\"code\":\"aggregate-not-found\"");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "1.5", ""})
    void an_id_that_is_no_version_is_refused(String last) throws Exception {
        try (LiveReader reader = first.live(path("any"), "Last-Event-ID", last)) {
            assertThat(reader.status()).isEqualTo(400);
            assertThat(reader.text()).contains("Last-Event-ID");
        }
    }

    @Tag("heavy")
    @Test
    void when_the_partition_moves_a_reader_comes_back_and_misses_nothing(@TempDir Path three) throws Exception {
        List<String> ids = IntStream.range(0, 8).mapToObj(i -> "moved-" + i).toList();
        ids.forEach(id -> installation.deposits(id, 1, 2));
        ids.forEach(this::awaitEvents);
        Instance leaving = installation.start(three);
        leaving.awaitReady();
        List<LiveReader> readers = new ArrayList<>();
        for (String id : ids) {
            leaving.await(path(id)); // its partition may be moving still
            LiveReader reader = leaving.live(path(id));
            assertThat(ids(reader.next(2))).isEqualTo(versions(1, 2));
            readers.add(reader);
        }

        leaving.close();
        ids.forEach(id -> installation.deposits(id, 3, 4));

        for (LiveReader reader : readers) {
            assertThat(reader.next()).as("the instance has gone").isEmpty();
        }
        for (String id : ids) {
            first.await(path(id) + "?from=4&limit=1");
            try (LiveReader reader = first.live(path(id), "Last-Event-ID", "2")) {
                assertThat(ids(reader.next(2))).isEqualTo(versions(3, 4));
            }
        }
    }

    /** Readers leave after a random number of events, and come back to a random instance, while events are written. */
    @Tag("long")
    @Test
    void many_readers_that_come_and_go_see_each_event_once_and_in_order() throws Exception {
        int streams = 20;
        long length = 2_500;
        int readers = 200;
        IntStream.range(0, streams).forEach(i -> installation.deposits("busy-" + i, 1, 1));
        IntStream.range(0, streams).forEach(i -> awaitEvents("busy-" + i));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                String id = "busy-" + i % streams;
                Random random = new Random(i);
                running.add(threads.submit((Callable<Integer>) () -> readAll(id, length, random)));
            }
            for (long from = 2; from <= length; from += 50) {
                for (int i = 0; i < streams; i++) {
                    installation.deposits("busy-" + i, from, Math.min(length, from + 49));
                }
            }
            int connections = 0;
            for (Future<Integer> reader : running) {
                connections += reader.get(2, TimeUnit.MINUTES);
            }
            assertThat(connections).isGreaterThan(readers * 5);
        }
    }

    /** Fails unless each event is the one after the last; returns how often it connected. */
    private int readAll(String id, long length, Random random) throws IOException, InterruptedException {
        long seen = 0;
        int connections = 0;
        int refused = 0;
        while (seen < length) {
            connections++;
            Instance any = random.nextBoolean() ? first : second;
            try (LiveReader reader = any.live(path(id), "Last-Event-ID", Long.toString(seen))) {
                if (reader.status() == 503) {
                    // Those that have gone hold their places until the next heartbeat, which is after 10 s.
                    assertThat(++refused)
                            .as("answers 503 in a row, the last: %s", reader.text())
                            .isLessThan(30);
                    Thread.sleep(RECONNECT_PAUSE);
                    continue;
                }
                assertThat(reader.status()).isEqualTo(200);
                refused = 0;
                int leaveAfter = 1 + random.nextInt(500);
                Optional<Event> event = reader.next();
                for (int i = 1; event.isPresent(); i++) {
                    assertThat(event.get().version()).isEqualTo(seen + 1);
                    seen = event.get().version();
                    event = i == leaveAfter || seen == length ? Optional.empty() : reader.next();
                }
            }
        }
        return connections;
    }
}
