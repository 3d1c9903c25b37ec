package dev.annals.checker.answers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.checker.cluster.Installation;
import dev.annals.embedded.JvmProcess;
import dev.annals.service.views.ViewRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A query service that was frozen while others were given its partitions, and wakes up with requests waiting for it: it
 * must not answer them from what it had.
 */
@Tag("long")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class PausedReaderE2E {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(40);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** For requests to be on their way. */
    private static final Duration SENT = Duration.ofMillis(500);

    private static Installation installation;
    private static int series;

    private final List<String> ids;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI frozen = installation.queries().getFirst();
    private final URI awake = installation.queries().getLast();
    private final JvmProcess process =
            Objects.requireNonNull(installation.readers().get("query-service-0"));

    PausedReaderE2E() {
        int number = series++;
        ids = IntStream.range(0, 12)
                .mapToObj(i -> "paused-%d-%d".formatted(number, i))
                .toList();
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws TimeoutException {
        installation = Installation.start(folder, 1, 2);
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @BeforeEach
    void openAccounts() throws Exception {
        for (String id : ids) {
            command(id, "OpenAccount", "{\"owner\":\"checker\",\"currency\":\"CZK\"}");
        }
        awaitVersion(frozen, 1);
        awaitVersion(awake, 1);
    }

    @AfterEach
    void close() {
        http.shutdownNow();
    }

    private void command(String id, String command, String fields) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        installation.commands().resolve("/v1/accounts/%s/%s".formatted(id, command)))
                .timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=30")
                .POST(BodyPublishers.ofString(fields))
                .build();
        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isIn(200, 201);
    }

    private void deposit() throws Exception {
        for (String id : ids) {
            command(id, "Deposit", "{\"amount\":\"1\"}");
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> ask(URI instance, String path) {
        return http.sendAsync(
                HttpRequest.newBuilder(instance.resolve(path))
                        .timeout(ANSWER_LIMIT)
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(URI instance, String path) throws Exception {
        return ask(instance, path).get(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Until it is shown to everybody who asks this instance, by the owners of the rows: those of one that is away have
     * moved by then.
     */
    private void awaitVersion(URI instance, long version) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        for (String id : ids) {
            String path = "/v1/accounts/%s?min_version=%d&timeout=30".formatted(id, version);
            while (!isOwners(get(instance, path))) {
                assertThat(System.nanoTime()).as("time for %s", path).isLessThan(deadline);
                Thread.sleep(LOOK);
            }
        }
    }

    private static boolean isOwners(HttpResponse<byte[]> answer) {
        return answer.statusCode() == 200
                && answer.headers().firstValue("X-Served-By").isEmpty();
    }

    /** Rows one by one and in a page, from what is here. */
    private List<CompletableFuture<HttpResponse<byte[]>>> askForAll() {
        List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
        for (String id : ids) {
            asked.add(ask(frozen, "/v1/accounts/" + id));
        }
        asked.add(ask(frozen, "/v1/accounts?limit=100"));
        return asked;
    }

    /**
     * Each says that it can't answer, or answers with this version; or says that it is a standby's, which may be
     * behind.
     */
    private static int assertVersion(List<CompletableFuture<HttpResponse<byte[]>>> asked, long version)
            throws Exception {
        int answered = 0;
        for (CompletableFuture<HttpResponse<byte[]>> each : asked) {
            HttpResponse<byte[]> answer = each.get(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isIn(200, 503);
            if (isOwners(answer)) {
                answered++;
                for (JsonNode row : rows(answer)) {
                    assertThat(row.path("version").asLong())
                            .as("%s: %s", answer.uri(), row)
                            .isEqualTo(version);
                }
            }
        }
        return answered;
    }

    private static List<JsonNode> rows(HttpResponse<byte[]> answer) throws IOException {
        JsonNode json = JSON.readTree(answer.body());
        List<JsonNode> rows = new ArrayList<>();
        json.path("items").forEach(rows::add);
        return rows.isEmpty() ? List.of(json) : rows;
    }

    /**
     * It was asked while it was frozen, and after others had shown this version; and is asked on until it answers
     * everything.
     */
    private void assertWakesUpWith(long version) throws Exception {
        List<CompletableFuture<HttpResponse<byte[]>>> waiting = askForAll();
        Thread.sleep(SENT);
        process.resume();
        assertVersion(waiting, version);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (assertVersion(askForAll(), version) <= ids.size()) {
            assertThat(System.nanoTime()).as("time to answer everything").isLessThan(deadline);
            Thread.sleep(LOOK);
        }
    }

    @Test
    void it_shows_no_row_older_than_others_have_shown() throws Exception {
        process.pause();
        deposit();
        awaitVersion(awake, 2);

        assertWakesUpWith(2);
    }

    @Test
    void it_shows_no_row_of_a_generation_that_others_have_left() throws Exception {
        process.pause();
        try (ViewRegistry board = installation.board()) {
            board.start();
            Replays replays = new Replays(board, "accounts");
            replays.awaitLive(replays.begin(), LIMIT, "a pause");
        }
        deposit();
        awaitVersion(awake, 2);

        assertWakesUpWith(2);
    }
}
