package dev.annals.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.lanes.CommandAnswer;
import dev.annals.lanes.CommandMessage;
import dev.annals.lanes.EngineFullException;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.access.AccessControl;
import dev.annals.service.http.HttpServer;
import dev.annals.service.http.PeerClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client is told while Kafka takes its time; the rest of the contract is tested on a broker. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class CommandRoutesTest {

    /** More than the server has threads. */
    private static final int ANSWER_SECONDS = 15;

    private static final int PLACES = 300;

    private static final String OPEN = "{\"owner\": \"ann\", \"currency\": \"CZK\"}";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ServiceConfig config = ServiceConfig.of(
            Settings.of(Map.of(
                    "kafka.bootstrap.servers",
                    "localhost:1",
                    "kafka.schema.registry.url",
                    "mock://routes",
                    "annals.http.port",
                    "0")),
            0);
    private final ServiceMetrics metrics = new ServiceMetrics();
    private final Waiting bus = new Waiting();
    private final EventBodies events = new EventBodies(config.topics(), config.values());
    private final PeerClient peers = new PeerClient();
    private final HttpServer server = start();
    private final HttpClient client = HttpClient.newHttpClient();

    /** Answers when the test says so. */
    private static final class Waiting implements CommandBus {

        record Sent(CommandMessage command, CompletableFuture<Optional<CommandAnswer>> answer) {}

        final List<Sent> sent = new CopyOnWriteArrayList<>();
        final Set<String> pending = ConcurrentHashMap.newKeySet();

        @Override
        public CompletionStage<Optional<CommandAnswer>> send(CommandMessage command, Duration wait) {
            Sent next = new Sent(command, new CompletableFuture<>());
            pending.add(command.commandId());
            sent.add(next);
            return next.answer;
        }

        @Override
        public CompletionStage<CommandAnswer> tryOut(CommandMessage command, Duration wait) {
            return send(command, wait).thenApply(Optional::orElseThrow);
        }

        Sent sent(int index) {
            await().atMost(LIMIT).pollDelay(Duration.ZERO).until(() -> sent.size() > index);
            return sent.get(index);
        }

        void decide(int index) {
            CommandMessage command = sent(index).command;
            CommandResult result = new CommandResult(
                    command.commandId(),
                    "OpenAccount",
                    "accounts",
                    command.aggregateId(),
                    Outcome.ACCEPTED,
                    1,
                    List.of(new AppendedEvent("AccountOpened", 1)),
                    null,
                    null,
                    false,
                    Instant.EPOCH,
                    null);
            sent(index).answer.complete(Optional.of(new CommandAnswer(result, List.of())));
        }

        void forbid(int index) {
            CommandMessage command = sent(index).command;
            CommandResult result = new CommandResult(
                    command.commandId(),
                    "OpenAccount",
                    "accounts",
                    command.aggregateId(),
                    Outcome.REJECTED,
                    CommandResult.UNKNOWN_VERSION,
                    List.of(),
                    CommandResult.FORBIDDEN,
                    "not yours",
                    false,
                    Instant.EPOCH,
                    null);
            sent(index).answer.complete(Optional.of(new CommandAnswer(result, List.of())));
        }

        void fail(int index, RuntimeException failure) {
            sent(index).answer.completeExceptionally(failure);
        }
    }

    private HttpServer start() {
        List<AggregateBinding<?, ?, ?>> bindings = new ArrayList<>();
        Domains.load().aggregates().forEach(type -> bindings.add(AggregateBinding.of(type)));
        CommandLookup lookup = new CommandLookup(
                sought -> bus.pending.contains(sought.commandId()),
                id -> new CommandLookup.Unknown(SearchedPartitions.NONE),
                Set.of(),
                List::of,
                peers);
        CommandRoutes routes =
                new CommandRoutes(new CommandCatalog(bindings), bus, events, List::of, lookup, Duration.ofSeconds(10));
        return HttpServer.start(
                config, metrics, List::of, JsonNodeFactory.instance::objectNode, AccessControl.none(), routes::add);
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
        events.close();
        peers.close();
        metrics.close();
    }

    private CompletableFuture<HttpResponse<String>> post(String id, String prefer) {
        return client.sendAsync(
                        HttpRequest.newBuilder(uri("/v1/accounts/" + id + "/OpenAccount"))
                                .header("Prefer", prefer)
                                .header("Idempotency-Key", "key-" + id)
                                .POST(BodyPublishers.ofString(OPEN))
                                .build(),
                        BodyHandlers.ofString())
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS); // a join can't be interrupted by the test's timeout
    }

    private HttpResponse<String> get(String path) {
        return client.sendAsync(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString())
                .join();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    /** A page of any site can have a browser send this; it has no body and no type that would need permission. */
    @Test
    void another_sites_page_can_not_open_an_account() throws IOException {
        String answer = raw(
                "POST /v1/accounts/eve/OpenAccount?owner=eve&currency=EUR HTTP/1.1",
                "Host: localhost",
                "Origin: https://evil.example",
                "Sec-Fetch-Site: cross-site",
                "Content-Length: 0",
                "Prefer: respond-async",
                "Connection: close");

        assertThat(answer).startsWith("HTTP/1.1 403").contains("cross-site", "annals.http.cors.origins");
        assertThat(bus.sent).isEmpty();
    }

    /** A link carries these too. */
    @Test
    void the_fields_of_a_post_stand_in_its_body_alone() {
        var response = client.sendAsync(
                        HttpRequest.newBuilder(uri("/v1/accounts/ann/OpenAccount?owner=ann&currency=CZK"))
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .join();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("owner");
        assertThat(bus.sent).isEmpty();
    }

    private String raw(String... head) throws IOException {
        String request = String.join("\r\n", head) + "\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    @Test
    void what_comes_in_time_is_told_and_what_does_not_is_durable() {
        var decided = post("a", "wait=20");
        bus.decide(0);
        assertThat(decided.join().statusCode()).isEqualTo(201);

        var later = post("b", "respond-async");
        bus.sent(1).answer().complete(Optional.empty());
        assertThat(later.join().statusCode()).isEqualTo(202);
        assertThat(later.join().headers().firstValue("Location")).hasValue("/v1/commands/key-b");
        assertThat(get("/v1/commands/key-b").statusCode()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"respond-async", "wait=20"})
    void a_command_that_kafka_does_not_take_is_not_accepted(String prefer) {
        var response = post("a", prefer);
        bus.fail(0, new TimeoutException("Topic accounts.commands not present in metadata after 3000 ms."));

        assertThat(response.join().statusCode()).isEqualTo(503);
        assertThat(response.join().body())
                .contains("Kafka does not answer", "Idempotency-Key")
                .doesNotContain("not present");
        assertThat(response.join().headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void what_may_be_sent_to_ones_own_alone_is_403_and_tells_no_version() {
        var refused = post("a", "wait=20");
        bus.forbid(0);

        assertThat(refused.join().statusCode()).isEqualTo(403);
        assertThat(refused.join().body())
                .contains("\"code\":\"forbidden\"", "\"outcome\":\"rejected\"")
                .doesNotContain("version");
        assertThat(refused.join().headers().firstValue("ETag")).isEmpty();
    }

    @Test
    void too_many_are_refused_until_there_is_room() {
        var refused = post("more", "wait=20");
        bus.fail(0, new EngineFullException("accounts"));

        assertThat(refused.join().statusCode()).isEqualTo(429);
        assertThat(refused.join().body()).contains("too-many-in-flight");
        assertThat(refused.join().headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void who_waits_holds_no_thread() throws IOException {
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            String request =
                    "POST /v1/accounts/a%d/OpenAccount HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=30\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(i, OPEN.length(), OPEN);
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            clients.add(socket);
        }
        bus.sent(PLACES - 1);

        var taken = post("more", "wait=20");
        bus.decide(PLACES);
        assertThat(taken.join().statusCode()).isEqualTo(201);
        for (Socket socket : clients) {
            socket.close(); // whoever went away disturbs nobody
        }
        for (int i = 0; i < PLACES; i++) {
            bus.decide(i);
        }
        var last = post("last", "wait=20");
        bus.decide(PLACES + 1);
        assertThat(last.join().statusCode()).isEqualTo(201);
    }
}
