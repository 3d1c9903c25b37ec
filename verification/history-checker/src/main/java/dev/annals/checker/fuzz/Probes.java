package dev.annals.checker.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.api.AggregateType;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.json.InvalidJsonException;
import dev.annals.engine.json.JsonToAvro;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.service.ServiceConfig;
import dev.annals.service.http.Json;
import java.io.IOException;
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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Right commands to an aggregate of each type in each partition, which have to be accepted within a limit while
 * everything else is wrong, each at a later version than the one before, and have to be seen in the rows: a partition
 * that stands still can't hide. For one thread.
 */
final class Probes implements AutoCloseable {

    /** For a command to be decided, and for its row to be seen, on a machine that is busy with everything. */
    static final Duration LIMIT = Duration.ofSeconds(40);

    private static final Duration POLL = Duration.ofMillis(20);
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");

    private final URI commands;
    private final URI queries;
    private final Map<String, String> authorization;
    private final ServiceConfig config;
    private final Producer<byte[], byte[]> producer;
    private final Serializer<Object> serializer;
    private final Tally tally;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Probe> probes = new ArrayList<>();
    private long asked;
    private Duration slowest = Duration.ZERO;

    private static final class Probe {

        private final AggregateBinding<?, ?, ?> binding;
        private final String id;
        private long step;
        private long version;

        Probe(AggregateBinding<?, ?, ?> binding, String id) {
            this.binding = binding;
            this.id = id;
        }

        String type() {
            return binding.type().name();
        }

        @Override
        public String toString() {
            return type() + "/" + id;
        }
    }

    /** A command as JSON. */
    private record Right(String name, String json) {}

    /**
     * @param producer the caller's to close
     * @param name of its aggregates, of a to z; its first two letters are not those of another's
     * @param authorization header of a client that may do everything; empty where nobody is asked
     */
    Probes(
            ServiceConfig config,
            List<AggregateType<?, ?, ?>> types,
            int partitions,
            URI commands,
            URI queries,
            Map<String, String> authorization,
            Producer<byte[], byte[]> producer,
            String name,
            Tally tally) {
        this.config = config;
        this.commands = commands;
        this.queries = queries;
        this.authorization = authorization;
        this.producer = producer;
        this.tally = tally;
        this.serializer = config.values().newSerializer();
        for (AggregateType<?, ?, ?> type : types) {
            for (int partition = 0; partition < partitions; partition++) {
                probes.add(new Probe(AggregateBinding.of(type), idIn(name, type.name(), partition, partitions)));
            }
        }
    }

    private static String idIn(String name, String type, int partition, int partitions) {
        for (int i = 0; ; i++) {
            String id = switch (type) {
                case "claims" -> name + ":" + i;
                case "flight-identities" -> name.substring(0, 2).toUpperCase(Locale.ROOT) + i;
                default -> name + "-" + i;
            };
            if (AggregateIds.partition(id, partitions) == partition) {
                return id;
            }
        }
    }

    /** One each can always do, and that makes an event each time. */
    private static Right command(String type, long step) {
        boolean first = step == 0;
        return switch (type) {
            case "accounts" ->
                first
                        ? new Right("OpenAccount", "{\"owner\":\"Probe\",\"currency\":\"EUR\"}")
                        : new Right("Deposit", "{\"amount\":\"1\"}");
            case "orders" -> {
                String lines = "[{\"sku\":\"probe\",\"description\":\"Probe\",\"quantity\":%d,\"unitPrice\":\"1\"}]"
                        .formatted(step + 1);
                yield first
                        ? new Right("PlaceOrder", "{\"currency\":\"EUR\",\"lines\":" + lines + "}")
                        : new Right("ChangeOrderLines", "{\"lines\":" + lines + "}");
            }
            case "seats" ->
                first
                        ? new Right("OpenConference", "{\"name\":\"Probe\",\"capacity\":1}")
                        : new Right("ChangeCapacity", "{\"capacity\":%d}".formatted(step + 1));
            case "claims" ->
                new Right("Claim", "{\"owner\":\"probe\",\"expiresAt\":\"%s\"}".formatted(BEGIN.plusSeconds(step)));
            case "flights" ->
                first
                        ? new Right(
                                "CreateFlight",
                                "{\"callsign\":\"PROBE1\",\"origin\":\"KLAX\",\"destination\":\"KSFO\",\"star\":\"SERFR4\"}")
                        : new Right(
                                "RecordTrack",
                                "{\"time\":\"%s\",\"latitude\":34.5,\"longitude\":-118.5}"
                                        .formatted(BEGIN.plusSeconds(step)));
            case "flight-identities" ->
                new Right(
                        "Identify",
                        ("{\"channel\":\"probe\",\"origin\":\"KLAX\",\"destination\":\"KSFO\",\"departure\":\"%s\",\"time\":\"%s\","
                                        + "\"message\":{\"text\":\"probe\",\"mediaType\":\"text/plain\"},\"plan\":{\"star\":\"SERFR4\"}}")
                                .formatted(BEGIN, BEGIN.minusSeconds(100_000).plusSeconds(step)));
            default ->
                throw new IllegalStateException(
                        "%s has no right command here: give it one in %s".formatted(type, Probes.class.getName()));
        };
    }

    /** Sends one to each over HTTP, and looks for its row. */
    void overHttp() throws InterruptedException {
        for (Probe probe : probes) {
            Right right = command(probe.type(), probe.step++);
            timed(probe, "over HTTP", () -> {
                HttpResponse<String> answer = send(
                        "POST",
                        commands.resolve("/v1/%s/%s/%s".formatted(probe.type(), probe.id, right.name())),
                        right.json());
                require(probe, "over HTTP", answer, json(answer));
                HttpResponse<String> row = send(
                        "GET",
                        queries.resolve("/v1/%s/%s?min_version=%d&timeout=%d"
                                .formatted(probe.type(), probe.id, probe.version, LIMIT.toSeconds())),
                        "");
                if (row.statusCode() != OK || json(row).path("version").asLong() < probe.version) {
                    tally.find(
                            "probe",
                            "%s: no row at version %d: %d %s"
                                    .formatted(probe, probe.version, row.statusCode(), row.body()));
                }
            });
        }
    }

    /** Sends one to each through the topics, and waits for all results. */
    void overTopics() throws InterruptedException {
        List<String> ids = new ArrayList<>();
        for (Probe probe : probes) {
            String id = "probe-%s-%d".formatted(probe.id, probe.step);
            ids.add(id);
            var unused = producer.send(record(probe, id, command(probe.type(), probe.step++)));
        }
        producer.flush();
        for (int i = 0; i < probes.size(); i++) {
            Probe probe = probes.get(i);
            URI result = commands.resolve("/v1/commands/" + ids.get(i));
            timed(probe, "over its topic", () -> {
                long deadline = System.nanoTime() + LIMIT.toNanos();
                HttpResponse<String> answer = send("GET", result, "");
                while (answer.statusCode() != OK && System.nanoTime() < deadline) {
                    Thread.sleep(POLL);
                    answer = send("GET", result, "");
                }
                require(probe, "over its topic", answer, json(answer));
            });
        }
    }

    private ProducerRecord<byte[], byte[]> record(Probe probe, String commandId, Right right) {
        String topic = config.topics().commands(probe.type());
        Schema schema = Objects.requireNonNull(probe.binding.commandSchema(right.name()), right.name());
        Headers headers = new RecordHeaders();
        HeaderName.ID.put(headers, commandId);
        return new ProducerRecord<>(
                topic,
                null,
                probe.id.getBytes(UTF_8),
                serializer.serialize(topic, headers, avro(schema, right)),
                headers);
    }

    private static GenericRecord avro(Schema schema, Right right) {
        try {
            return JsonToAvro.of(schema).read((ObjectNode) Json.mapper().readTree(right.json()));
        } catch (InvalidJsonException | JsonProcessingException e) {
            throw new IllegalStateException(right.toString(), e);
        }
    }

    private void require(Probe probe, String way, HttpResponse<String> answer, JsonNode body) {
        long version = body.path("version").asLong();
        boolean accepted = (answer.statusCode() == OK || answer.statusCode() == CREATED)
                && body.path("outcome").asText().equals("accepted");
        if (!accepted || version <= probe.version) {
            tally.find(
                    "probe",
                    "%s %s, step %d: expected it accepted at a version above %d, got %d %s"
                            .formatted(probe, way, probe.step - 1, probe.version, answer.statusCode(), answer.body()));
        }
        probe.version = Math.max(version, probe.version);
    }

    private interface Asking {
        void ask() throws IOException, InterruptedException;
    }

    private void timed(Probe probe, String way, Asking asking) throws InterruptedException {
        long start = System.nanoTime();
        try {
            asking.ask();
        } catch (IOException e) {
            tally.find("probe", "%s %s: %s".formatted(probe, way, e));
        }
        asked++;
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        slowest = took.compareTo(slowest) > 0 ? took : slowest;
    }

    private HttpResponse<String> send(String method, URI address, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .timeout(LIMIT.multipliedBy(2));
        authorization.forEach(request::header);
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json").header("Prefer", "wait=30");
        }
        return client.send(request.build(), BodyHandlers.ofString(UTF_8));
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return Json.mapper().readTree(answer.body());
    }

    /** For people. */
    String summary() {
        return "%,d right commands to %d aggregates, the slowest after %,d ms"
                .formatted(asked, probes.size(), slowest.toMillis());
    }

    @Override
    public void close() {
        serializer.close();
        client.close();
    }
}
