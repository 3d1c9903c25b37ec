package dev.annals.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.json.AvroToJson;
import dev.annals.operations.deadletters.DeadLetter;
import dev.annals.operations.deadletters.DeadLetter.Position;
import dev.annals.operations.deadletters.DeadLetterJson;
import dev.annals.operations.deadletters.DeadLetters;
import dev.annals.operations.http.OperationProblems;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.service.http.Json;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Requests;
import dev.annals.service.http.RouteAccess;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters over HTTP, for operators: what could not be decided, why, and sent again, as the command line does it.
 * They are rare, so nothing is kept open for them. Thread-safe.
 */
record DeadLetterRoutes(KafkaAccess kafka, CommandCatalog catalog, Semaphore places) {

    private static final String LETTERS = "/v1/dead-letters/{type}";
    private static final String LIMIT = "limit";
    private static final String REASON = "reason";
    private static final String WAIT = "wait";
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 1_000;
    private static final int DEFAULT_WAIT_SECONDS = 5;
    private static final int MAX_WAIT_SECONDS = 30;

    /** Each has clients of its own, and may read up to {@link DeadLetters#MAX_SCANNED} records of each partition. */
    private static final int MAX_AT_ONCE = 4;

    DeadLetterRoutes(KafkaAccess kafka, CommandCatalog catalog) {
        this(kafka, catalog, new Semaphore(MAX_AT_ONCE));
    }

    void add(RoutesConfig routes) {
        routes.get(LETTERS, this::list, RouteAccess.OPERATE);
        routes.get(LETTERS + "/{position}", this::show, RouteAccess.OPERATE);
        routes.post(LETTERS + "/{position}/resend", this::resend, RouteAccess.OPERATE);
    }

    /** The newest first. */
    private void list(Context ctx) {
        DeadLetters letters = letters(ctx);
        int limit = (int) Requests.wholeNumber(ctx, LIMIT, DEFAULT_LIMIT, 1, MAX_LIMIT);
        String reason = ctx.queryParam(REASON);
        List<DeadLetter> newest =
                done(() -> letters.newest(limit, letter -> reason == null || reason.equals(letter.reason())));
        ctx.json(Map.of(
                "items", newest.reversed().stream().map(DeadLetterJson::of).toList()));
    }

    private void show(Context ctx) {
        DeadLetters letters = letters(ctx);
        Position position = position(ctx);
        ConsumerRecord<byte[], byte[]> record = done(() -> letters.read(position));
        ObjectNode json = Json.mapper().valueToTree(DeadLetterJson.of(DeadLetter.of(record)));
        ObjectNode headers = json.putObject("headers");
        for (Header header : record.headers()) {
            headers.put(
                    header.key(), header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8));
        }
        json.put("value", record.value()); // in Base64
        json.set("data", decoded(letters.kafka(), record));
        ctx.json(json);
    }

    /** Null for what is no record of a schema that is known: that may be why it is here. */
    private static @Nullable ObjectNode decoded(KafkaAccess kafka, ConsumerRecord<byte[], byte[]> letter) {
        try (Deserializer<Object> deserializer = kafka.serdes().newDeserializer()) {
            return deserializer.deserialize(letter.topic(), letter.headers(), letter.value())
                            instanceof IndexedRecord record
                    ? AvroToJson.toTree(record)
                    : null;
        } catch (SerializationException e) {
            return null;
        }
    }

    private void resend(Context ctx) {
        DeadLetters letters = letters(ctx);
        Position position = position(ctx);
        Duration wait = Duration.ofSeconds(Requests.wholeNumber(ctx, WAIT, DEFAULT_WAIT_SECONDS, 0, MAX_WAIT_SECONDS));
        ctx.json(DeadLetterJson.of(done(() -> letters.sendAgain(position, wait))));
    }

    private DeadLetters letters(Context ctx) {
        return new DeadLetters(kafka, catalog.type(ctx.pathParam("type")).name());
    }

    private static Position position(Context ctx) {
        String text = ctx.pathParam("position");
        try {
            return Position.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(400, "invalid-position", String.valueOf(e.getMessage()));
        }
    }

    private <T> T done(Supplier<T> operation) {
        if (!places.tryAcquire()) {
            throw ProblemException.of(
                            503, "too-many-at-once", "%d such requests are under way; try again".formatted(MAX_AT_ONCE))
                    .withHeader("Retry-After", "1");
        }
        try {
            return OperationProblems.done(operation);
        } finally {
            places.release();
        }
    }
}
