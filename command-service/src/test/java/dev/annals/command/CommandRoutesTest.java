package dev.annals.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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

    private volatile Instant now = Instant.EPOCH;
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
    private final PendingCommands pending = new PendingCommands(PLACES, () -> now);
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final CommandSender sender = new CommandSender(producer, config.topics(), config.values(), pending, 7);
    private final EventBodies events = new EventBodies(config.topics(), config.values());
    private final PeerClient peers = new PeerClient();
    private final HttpServer server = start();
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpServer start() {
        List<AggregateBinding<?, ?, ?>> bindings = new ArrayList<>();
        Domains.load().aggregates().forEach(type -> bindings.add(AggregateBinding.of(type)));
        CommandLookup lookup = new CommandLookup(
                pending, id -> new CommandLookup.Unknown(SearchedPartitions.NONE), Set.of(), List::of, peers);
        CommandRoutes routes = new CommandRoutes(
                new CommandCatalog(bindings),
                new TopicCommands(sender),
                events,
                List::of,
                lookup,
                Duration.ofSeconds(10));
        return HttpServer.start(config, metrics, List::of, JsonNodeFactory.instance::objectNode, routes::add);
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
        sender.close();
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

    private ProducerRecord<byte[], byte[]> sent(int index) {
        await().atMost(LIMIT).until(() -> producer.history().size() > index);
        return producer.history().get(index);
    }

    private void reply(ProducerRecord<byte[], byte[]> command) {
        CommandResult result = new CommandResult(
                HeaderName.ID.in(command.headers()),
                "OpenAccount",
                "accounts",
                new String(command.key(), US_ASCII),
                Outcome.ACCEPTED,
                1,
                List.of(new AppendedEvent("AccountOpened", 1)),
                null,
                null,
                false,
                Instant.EPOCH,
                null);
        pending.complete(Objects.requireNonNull(HeaderName.REQUEST_ID.in(command.headers())), result);
    }

    @Test
    void a_command_says_where_its_reply_is_awaited() {
        var response = post("a", "wait=20");
        ProducerRecord<byte[], byte[]> command = sent(0);
        assertThat(HeaderName.REPLY_TO.in(command.headers())).isEqualTo("7");

        producer.completeNext();
        reply(command);
        assertThat(response.join().statusCode()).isEqualTo(201);
        assertThat(pending.size()).isZero();
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
        assertThat(producer.history()).isEmpty();
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
        assertThat(producer.history()).isEmpty();
    }

    private String raw(String... head) throws IOException {
        String request = String.join("\r\n", head) + "\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"respond-async", "wait=0"})
    void who_does_not_wait_is_answered_when_the_command_is_durable(String prefer) {
        var response = post("a", prefer);
        sent(0);
        assertThat(get("/v1/commands/key-a").statusCode()).isEqualTo(202);
        assertThat(response).isNotDone();

        producer.completeNext();
        assertThat(response.join().statusCode()).isEqualTo(202);
        reply(sent(0));
        assertThat(get("/v1/commands/key-a").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"respond-async", "wait=20"})
    void a_command_that_kafka_does_not_take_is_not_accepted(String prefer) {
        var response = post("a", prefer);
        sent(0);
        producer.errorNext(new TimeoutException("Topic accounts.commands not present in metadata after 3000 ms."));

        assertThat(response.join().statusCode()).isEqualTo(503);
        assertThat(response.join().body())
                .contains("Kafka does not answer", "Idempotency-Key")
                .doesNotContain("not present");
        assertThat(response.join().headers().firstValue("Retry-After")).isPresent();
        assertThat(pending.size()).isZero();
        assertThat(get("/v1/commands/key-a").statusCode()).isEqualTo(404);
    }

    @Test
    void who_waits_when_the_service_stops_is_told_where_the_result_will_be() {
        var response = post("a", "wait=20");
        sent(0);
        producer.completeNext();
        pending.close();

        assertThat(response.join().statusCode()).isEqualTo(202);
    }

    @Test
    void a_command_that_is_not_durable_when_the_service_stops_is_not_accepted() {
        var response = post("a", "wait=20");
        sent(0);
        pending.close();

        assertThat(response.join().statusCode()).isEqualTo(503);
        assertThat(response.join().body()).contains("the service is stopping", "Idempotency-Key");
        assertThat(response.join().headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void who_waits_holds_no_thread_and_who_goes_away_leaves_nothing() throws IOException {
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            String request =
                    "POST /v1/accounts/a%d/OpenAccount HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=30\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(i, OPEN.length(), OPEN);
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            clients.add(socket);
        }
        await().atMost(LIMIT).until(() -> producer.history().size() == PLACES);
        assertThat(pending.size()).isEqualTo(PLACES);

        var refused = post("more", "wait=20").join();
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("too-many-in-flight");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();

        for (Socket socket : clients) {
            socket.close();
        }
        for (int i = 0; i < PLACES; i++) {
            producer.completeNext();
            if (i % 2 == 0) {
                reply(producer.history().get(i));
            }
        }
        assertThat(pending.size()).isEqualTo(PLACES / 2);
        now = now.plus(PendingCommands.FORGOTTEN_AFTER).plusMillis(1);
        pending.forgetOld();
        assertThat(pending.size()).isZero();

        var taken = post("more", "wait=20");
        reply(sent(PLACES));
        assertThat(taken.join().statusCode()).isEqualTo(201);
    }
}
