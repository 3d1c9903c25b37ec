package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.e2e.Installation.Ran;
import dev.annals.e2e.Installation.Running;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replays {@code country-sales} while one client places orders and others read, all the time: no request fails, no row
 * goes back or contradicts itself, and at the end the rows are what the events say.
 */
@Tag("long")
final class ReplayE2E {

    private static final List<String> COUNTRIES = List.of("France", "Norway", "Eire", "Spain");
    private static final BigDecimal PRICE = new BigDecimal("0.35");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int READERS = 2;
    private static final int ORDERS_BEFORE = 300;
    private static final int ORDERS_AFTER = 100;

    private static final JsonMapper JSON = new JsonMapper();

    private final List<String> findings = new CopyOnWriteArrayList<>();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger read = new AtomicInteger();

    private Installation annals;
    private volatile boolean ended;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        annals = new Installation(folder);
        Ran up = annals.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();
    }

    @AfterEach
    void stop() throws Exception {
        annals.stop();
    }

    @Test
    void no_reader_and_no_writer_notices_a_replay() throws Exception {
        List<Thread> clients = startClients();
        awaitWritten(ORDERS_BEFORE);

        Ran replayed = annals.run("replay", "country-sales", "--json");
        assertThat(replayed.exitCode()).as(replayed.toString()).isZero();
        assertThat(replayed.json().path(0).path("generation").asInt()).isEqualTo(2);
        awaitWritten(written.get() + ORDERS_AFTER);
        awaitVersion(2);

        // Again, and now both who looks on and who works are killed in the middle. Nobody folds any more, so what was
        // begun stays so.
        ProcessHandle projector = annals.process("projector service");
        Running looking = annals.start("replay", "country-sales");
        awaitReplay(3);
        Installation.kill(projector);
        looking.process().destroyForcibly();
        Ran joined = annals.run("replay", "country-sales", "--json", "--wait", "0");
        assertThat(joined.exitCode()).as(joined.toString()).isZero();
        assertThat(joined.json().path(0).path("generation").asInt()).isEqualTo(3);
        assertThat(annals.up().exitCode()).isZero();
        awaitWritten(written.get() + ORDERS_AFTER);
        awaitVersion(3);

        ended = true;
        for (Thread client : clients) {
            client.join(LIMIT);
        }
        assertThat(findings).isEmpty();
        assertThat(read).hasValueGreaterThan(ORDERS_BEFORE);
        Ran verified = annals.run("verify", "country-sales");
        assertThat(verified.exitCode()).as(verified.toString()).isZero();
        assertSalesOf(written.get());
    }

    /** What the options say, one after the other: each leaves the view as the next one finds it. */
    @Test
    void each_way_to_replay_does_what_it_says() throws Exception {
        for (int i = 0; i < COUNTRIES.size(); i++) {
            write();
        }
        assertSalesOf(COUNTRIES.size());
        Instant afterTheFirst = Instant.now();
        write();
        assertSalesOf(COUNTRIES.size() + 1);

        assertThat(annals.run("replay", "country-sale").err()).contains("there is no view country-sale; there are:");
        assertThat(annals.run("replay", "country-sales", "--cancel").exitCode()).isEqualTo(1);
        assertThat(annals.run("replay", "country-sales", "--drop-old").exitCode())
                .isEqualTo(1);
        assertThat(annals.run("replay", "country-sales", "--to-datetime", "yesterday")
                        .exitCode())
                .isEqualTo(2);

        // Only what came after: one order of the first country.
        Ran since = annals.run("replay", "country-sales", "--json", "--to-datetime", afterTheFirst.toString());
        assertThat(since.exitCode()).as(since.toString()).isZero();
        awaitVersion(2);
        assertSalesOf(1);

        Ran dropped = annals.run("replay", "country-sales", "--drop-old", "--json");
        assertThat(dropped.json().path(0).path("generation").asInt())
                .as(dropped.toString())
                .isEqualTo(1);

        // Readers do without it for a while, and then have all again.
        Ran inPlace = annals.run("replay", "country-sales", "--json", "--in-place");
        assertThat(inPlace.exitCode()).as(inPlace.toString()).isZero();
        awaitVersion(3);
        assertSalesOf(COUNTRIES.size() + 1);

        // Nobody folds, so it can be cancelled before it is done.
        Installation.kill(annals.process("projector service"));
        assertThat(annals.run("replay", "country-sales", "--wait", "0").exitCode())
                .isZero();
        awaitReplay(4);
        Ran cancelled = annals.run("replay", "country-sales", "--cancel", "--json");
        assertThat(cancelled.json().path(0).path("generation").asInt())
                .as(cancelled.toString())
                .isEqualTo(4);
        assertThat(annals.up().exitCode()).isZero();
        assertThat(view().path("generation").asInt()).isEqualTo(3);
        Ran verified = annals.run("verify", "country-sales");
        assertThat(verified.exitCode()).as(verified.toString()).isZero();
        assertThat(findings).isEmpty();
    }

    private List<Thread> startClients() {
        List<Thread> clients = new CopyOnWriteArrayList<>();
        clients.add(Thread.ofPlatform().start(() -> untilEnded(this::write)));
        for (int i = 0; i < READERS; i++) {
            String country = COUNTRIES.get(i);
            long[] last = {0};
            clients.add(Thread.ofPlatform().start(() -> untilEnded(() -> read(country, last))));
        }
        clients.add(Thread.ofPlatform().start(() -> untilEnded(this::list)));
        return clients;
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void untilEnded(Step step) {
        while (!ended && findings.size() < 20) {
            try {
                step.run();
            } catch (IOException e) {
                findings.add("no answer: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void write() throws IOException, InterruptedException {
        int number = written.get();
        String country = COUNTRIES.get(number % COUNTRIES.size());
        HttpResponse<String> answer =
                annals.post("/v1/orders/order-%d/PlaceOrder".formatted(number), """
                {"country":"%s","currency":"EUR","lines":[
                  {"sku":"a","description":"Thing","quantity":1,"unitPrice":"%s"},
                  {"sku":"b","description":"Thing","quantity":1,"unitPrice":"%s"}]}""".formatted(country, PRICE, PRICE));
        if (answer.statusCode() != 201) {
            findings.add("order %d: %d %s".formatted(number, answer.statusCode(), answer.body()));
        }
        written.incrementAndGet();
    }

    /** A row never goes back, and its fields belong together. */
    private void read(String country, long[] last) throws IOException, InterruptedException {
        HttpResponse<String> answer = annals.get("/v1/country-sales/" + country);
        if (answer.statusCode() == 404 && last[0] == 0) {
            return; // nothing was sold there yet
        }
        read.incrementAndGet();
        if (answer.statusCode() != 200) {
            findings.add("%s: %d %s".formatted(country, answer.statusCode(), answer.body()));
            return;
        }
        JsonNode row = JSON.readTree(answer.body());
        long orders = row.path("orders").asLong();
        if (orders < last[0]) {
            findings.add("%s had %d orders, and now %s".formatted(country, last[0], row));
        }
        last[0] = orders;
        if (!isSound(row) || row.path("version").asLong() != orders) {
            findings.add("%s contradicts itself: %s".formatted(country, row));
        }
    }

    private static boolean isSound(JsonNode row) {
        long orders = row.path("orders").asLong();
        return row.path("lines").asLong() == 2 * orders
                && new BigDecimal(row.path("total").asText()).compareTo(PRICE.multiply(BigDecimal.valueOf(2 * orders)))
                        == 0;
    }

    private void list() throws IOException, InterruptedException {
        HttpResponse<String> answer = annals.get("/v1/country-sales?limit=100");
        if (answer.statusCode() != 200) {
            findings.add("list: %d %s".formatted(answer.statusCode(), answer.body()));
            return;
        }
        for (JsonNode row : JSON.readTree(answer.body()).path("items")) {
            if (!isSound(row)) {
                findings.add("a listed row contradicts itself: " + row);
            }
        }
    }

    private void awaitWritten(int count) {
        Awaitility.await().atMost(LIMIT).until(() -> written.get() >= count || !findings.isEmpty());
        assertThat(findings).isEmpty();
    }

    private void awaitVersion(int version) {
        Awaitility.await().atMost(LIMIT).until(() -> view().path("generation").asInt() == version);
    }

    private void awaitReplay(int version) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> view().path("replay").path("generation").asInt() == version);
    }

    private JsonNode view() throws IOException, InterruptedException {
        for (JsonNode view : JSON.readTree(annals.get("/v1/views").body()).path("items")) {
            if (view.path("name").asText().equals("country-sales")) {
                return view;
            }
        }
        return JSON.missingNode();
    }

    private void assertSalesOf(int orders) {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            long sold = 0;
            for (JsonNode row : JSON.readTree(
                            annals.get("/v1/country-sales?limit=100").body())
                    .path("items")) {
                sold += row.path("orders").asLong();
            }
            assertThat(sold).isEqualTo(orders);
        });
    }
}
