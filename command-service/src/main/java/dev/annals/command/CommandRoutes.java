package dev.annals.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.uuid.Generators;
import dev.annals.api.AggregateType;
import dev.annals.command.CommandLookup.Sought;
import dev.annals.engine.json.InvalidJsonException;
import dev.annals.engine.json.JsonToAvro;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.lanes.CommandGateway;
import dev.annals.lanes.CommandMessage;
import dev.annals.lanes.CommandMessage.Actor;
import dev.annals.lanes.EngineFullException;
import dev.annals.lanes.LaneMovedException;
import dev.annals.service.Readiness;
import dev.annals.service.access.Action;
import dev.annals.service.access.Caller;
import dev.annals.service.access.Principal;
import dev.annals.service.http.CoreRoute;
import dev.annals.service.http.PeerClient;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.RequestHeaders;
import dev.annals.service.http.Requests;
import dev.annals.service.http.Response;
import dev.annals.service.http.RouteAccess;
import dev.annals.service.kafka.KafkaWatch;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Commands over HTTP, as the published contract has them. Thread-safe.
 *
 * @param schemas while they are not known, no command is taken
 */
record CommandRoutes(
        CommandCatalog catalog,
        CommandBus bus,
        EventBodies events,
        Readiness schemas,
        CommandLookup lookup,
        Duration defaultWait) {

    private static final String RETRY_SOON = "1";
    private static final String RETRY_LATER = "5";

    /**
     * Runs what may wait, so that it holds nobody else's thread. Bounded by the commands in flight, and the searches.
     */
    static final Executor VIRTUAL = task -> Thread.ofVirtual().name("answering").start(task);

    private static final String DRY_RUN = "dry-run";
    private static final String PRINCIPAL = "principal";

    private static final String SEND = "/v1/{type}/{id}/{command}";
    private static final RouteAccess TO_SEND =
            RouteAccess.of(path -> Action.command(path.apply("type"), path.apply("command")));

    void add(RoutesConfig routes) {
        routes.get("/v1/commands/{commandId}", this::stored, RouteAccess.of(path -> Action.OWN_COMMANDS));
        routes.post("/v1/{type}", this::create, toSend(AggregateType::createdBy));
        routes.post(SEND, ctx -> send(ctx, ctx.pathParam("command")), TO_SEND);
        routes.put(
                "/v1/{type}/{id}",
                ctx -> send(ctx, conventional(ctx, AggregateType::replacedBy)),
                toSend(AggregateType::replacedBy));
        routes.delete(
                "/v1/{type}/{id}",
                ctx -> send(ctx, conventional(ctx, AggregateType::deletedBy)),
                toSend(AggregateType::deletedBy));
        routes.post("/v1/{type}/{id}/{more}/<rest>", CommandRoutes::tooManySegments, RouteAccess.KNOWN);
    }

    List<CoreRoute> core() {
        return List.of(new CoreRoute(HandlerType.POST.name(), SEND, TO_SEND, this::send));
    }

    /** Of a command that the method stands for; where the type has none, the route says so to whoever is known. */
    private RouteAccess toSend(Function<AggregateType<?, ?, ?>, @Nullable Class<?>> which) {
        return RouteAccess.of(parameter -> {
            AggregateType<?, ?, ?> type = catalog.type(parameter.apply("type"));
            Class<?> command = which.apply(type);
            return command == null ? Action.KNOWN : Action.command(type.name(), command.getSimpleName());
        });
    }

    private CompletionStage<Response> send(CoreRoute.Request request) {
        String id = request.parameters().get(1);
        AggregateType<?, ?, ?> type = aggregate(request.parameters().get(0), id);
        CommandHeaders headers = CommandHeaders.of(request, defaultWait);
        JsonToAvro reader = catalog.reader(type, request.parameters().get(2));
        Requests.requireJson(request.first("Content-Type"));
        return send(type, id, payload(reader, request.body(), Map.of()), headers, request.caller(), false);
    }

    private static void tooManySegments(Context ctx) {
        throw ProblemException.of(
                400,
                "invalid-path",
                "expected /v1/{type}/{id}/{Command}; an id has no '/', it is " + AggregateIds.RULE);
    }

    /**
     * The id is made here; from the idempotency key, where there is one, so that a repeat means the same aggregate.
     * Keys are each principal's own.
     */
    private void create(Context ctx) {
        AggregateType<?, ?, ?> type = catalog.type(ctx.pathParam("type"));
        CommandHeaders headers = CommandHeaders.of(RequestHeaders.of(ctx), defaultWait);
        String key = headers.idempotencyKey();
        String id = key == null
                ? CommandGateway.newId()
                : idOf(type, key, id(Requests.caller(ctx).principal()));
        send(ctx, type, id, type.createdBy().getSimpleName(), headers);
    }

    /** A key has no control characters, so a principal's can't be one of nobody. */
    private static String idOf(AggregateType<?, ?, ?> type, String key, @Nullable String principal) {
        String name = type.name() + "/" + (principal == null ? "" : principal + "\0") + key;
        return Generators.nameBasedGenerator().generate(name).toString();
    }

    private void send(Context ctx, String command) {
        String id = ctx.pathParam("id");
        send(
                ctx,
                aggregate(ctx.pathParam("type"), id),
                id,
                command,
                CommandHeaders.of(RequestHeaders.of(ctx), defaultWait));
    }

    private AggregateType<?, ?, ?> aggregate(String name, String id) {
        AggregateType<?, ?, ?> type = catalog.type(name);
        if (!AggregateIds.isValid(id)) {
            throw ProblemException.of(
                    400, "invalid-id", "aggregate id '%s': expected %s".formatted(id, AggregateIds.RULE));
        }
        return type;
    }

    private String conventional(Context ctx, Function<AggregateType<?, ?, ?>, @Nullable Class<?>> which) {
        AggregateType<?, ?, ?> type = catalog.type(ctx.pathParam("type"));
        Class<?> command = which.apply(type);
        if (command == null) {
            throw ProblemException.of(
                    405,
                    "no-such-command",
                    "%s has no command for %s; POST /v1/%s/{id}/{Command} takes any"
                            .formatted(type.name(), ctx.method(), type.name()));
        }
        return command.getSimpleName();
    }

    private void send(Context ctx, AggregateType<?, ?, ?> type, String id, String command, CommandHeaders headers) {
        JsonToAvro reader = catalog.reader(type, command);
        Map<String, List<String>> query = ctx.method().equals(HandlerType.DELETE) ? ctx.queryParamMap() : Map.of();
        GenericRecord payload = payload(reader, Requests.jsonBody(ctx), query);
        CompletionStage<Response> answer =
                send(type, id, payload, headers, Requests.caller(ctx), Requests.flag(ctx, DRY_RUN));
        // Servlets write while their client reads.
        ctx.future(() ->
                answer.thenAcceptAsync(response -> response.send(ctx), VIRTUAL).toCompletableFuture());
    }

    /** @return fails with a {@link ProblemException} where nothing was decided */
    private CompletionStage<Response> send(
            AggregateType<?, ?, ?> type,
            String id,
            GenericRecord payload,
            CommandHeaders headers,
            Caller caller,
            boolean dryRun) {
        requireSchemas();
        String key = headers.idempotencyKey();
        CommandMessage message = new CommandMessage(
                type.name(),
                id,
                key == null ? CommandGateway.newId() : key,
                payload,
                headers.expectedVersion(),
                headers.correlationId(),
                headers.traceParent(),
                actor(caller));
        CompletionStage<Response> answer = dryRun
                ? bus.tryOut(message, headers.maxWait().isZero() ? defaultWait : headers.maxWait())
                        .thenApplyAsync(tried -> ResultResponses.tried(tried, headers, events), VIRTUAL)
                : bus.send(message, headers.maxWait())
                        .thenApply(decided -> decided.map(each -> ResultResponses.answer(each, headers, events))
                                .orElseGet(() -> ResultResponses.pending(message.commandId())));
        return answer.exceptionally(CommandRoutes::refuse);
    }

    /** By the token alone: what a client says of itself in headers is not looked at. */
    private static @Nullable Actor actor(Caller caller) {
        Principal principal = caller.principal();
        return principal == null
                ? null
                : new Actor(principal.id(), principal.type(), List.copyOf(caller.restrictions()));
    }

    /**
     * @param query its parameters are the fields where there is no body: of a {@code DELETE} alone, with which many
     *     clients can't send one; anybody's link or form could carry those of a {@code POST}
     */
    private static GenericRecord payload(JsonToAvro reader, byte[] body, Map<String, List<String>> query) {
        try {
            if (body.length > 0) {
                return reader.read(body);
            }
            ObjectNode fields = JsonNodeFactory.instance.objectNode();
            query.forEach((name, values) -> fields.put(name, values.getLast()));
            fields.remove(DRY_RUN);
            return reader.read(fields);
        } catch (InvalidJsonException e) {
            throw ProblemException.of(
                            400,
                            "invalid-command",
                            "%s: %s".formatted(reader.schema().getName(), e.getMessage()))
                    .with("errors", e.errors());
        }
    }

    private void requireSchemas() {
        for (String reason : schemas.reasonsAgainst()) {
            throw ProblemException.of(503, "unavailable", "no command is taken yet: " + reason)
                    .withHeader("Retry-After", RETRY_LATER);
        }
    }

    private static Response refuse(Throwable failure) {
        throw refusal(failure);
    }

    private static RuntimeException refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case EngineFullException full ->
                ProblemException.of(
                                429, "too-many-in-flight", "too many commands are waiting for their results; try again")
                        .withHeader("Retry-After", RETRY_SOON);
            case LaneMovedException moved ->
                ProblemException.of(
                                503, "unavailable", "nobody can say now: %s; try again".formatted(moved.getMessage()))
                        .withHeader("Retry-After", RETRY_SOON);
            case TimeoutException late ->
                ProblemException.of(503, "unavailable", "the answer did not come in time; try again")
                        .withHeader("Retry-After", RETRY_SOON);
            case KafkaException kafka -> unavailable(kafka);
            case RuntimeException other -> other;
            default -> new IllegalStateException(cause);
        };
    }

    private static ProblemException unavailable(Throwable cause) {
        return ProblemException.of(
                        503,
                        "unavailable",
                        "the command may not have been taken: %s; repeat it under the same Idempotency-Key"
                                .formatted(KafkaWatch.reason(cause)))
                .withHeader("Retry-After", RETRY_LATER);
    }

    private void stored(Context ctx) {
        Sought sought = sought(ctx);
        boolean passedOn = PeerClient.isPassedOn(ctx);
        String authorization = ctx.header("Authorization");
        ctx.future(() -> CompletableFuture.runAsync(
                () -> show(ctx, sought.commandId(), lookup.find(sought, passedOn, authorization), passedOn), VIRTUAL));
    }

    /** One's own command, unless another principal's is asked for. */
    private static Sought sought(Context ctx) {
        Caller caller = Requests.caller(ctx);
        String commandId = ctx.pathParam("commandId");
        String path = ResultResponses.commandPath(commandId);
        String whose = ctx.queryParam(PRINCIPAL);
        if (whose == null) {
            return new Sought(commandId, id(caller.principal()), path);
        }
        if (!caller.may(Action.READ_COMMANDS)) {
            throw ProblemException.of(
                    403,
                    "forbidden",
                    "?%s=: none of your roles has the right to %s".formatted(PRINCIPAL, Action.READ_COMMANDS.name()));
        }
        return new Sought(
                commandId,
                whose.isEmpty() ? null : whose,
                "%s?%s=%s".formatted(path, PRINCIPAL, ResultResponses.encoded(whose)));
    }

    private static @Nullable String id(@Nullable Principal principal) {
        return principal == null ? null : principal.id();
    }

    private static void show(Context ctx, String commandId, CommandLookup.Status status, boolean passedOn) {
        switch (status) {
            case CommandLookup.Found(String json, Instant decided) -> {
                if (passedOn) {
                    ctx.header(CommandLookup.DECIDED, Long.toString(decided.toEpochMilli()));
                }
                ctx.contentType("application/json").result(json);
            }
            case CommandLookup.Pending() -> ResultResponses.pending(commandId).send(ctx);
            case CommandLookup.Unknown(SearchedPartitions searched) -> {
                if (!passedOn) {
                    throw ProblemException.of(
                            404,
                            "command-not-found",
                            "no command %s is pending or was decided within the retention".formatted(commandId));
                }
                ctx.status(404).json(searched);
            }
            case CommandLookup.Unavailable(String why) ->
                throw ProblemException.of(
                                503, "unavailable", "the command may be known elsewhere: %s; try again".formatted(why))
                        .withHeader("Retry-After", RETRY_SOON);
        }
    }
}
