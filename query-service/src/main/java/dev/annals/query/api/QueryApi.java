package dev.annals.query.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.notes.ViewId;
import dev.annals.query.table.Tables;
import dev.annals.query.table.TopicTable;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.http.Problem;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Produces;
import dev.annals.service.http.Readiness;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.service.views.ViewBoard;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.streams.state.HostInfo;

/** The HTTP side of the query service over the tables of all domains. Ready when these are. Thread-safe. */
public final class QueryApi implements Readiness, AutoCloseable {

    /** More are refused with 503. */
    private static final int MAX_AGGREGATE_READERS = 1_000;

    private static final int HEARTBEATS_PER_TIMEOUT = 3;

    /** In the place of an aggregate's id: all of them, which is no valid id. */
    private static final String ALL = "*";

    private final Tables tables;
    private final ViewBoard board;
    private final KafkaWatch kafka;
    private final ViewSwitches switches;
    private final Map<String, ServedView> views = new LinkedHashMap<>();
    private final Map<String, EventTable<?, ?, ?>> types = new LinkedHashMap<>();
    private final Pulse pulse = new Pulse();
    private final Answering answering;
    private final Peers peers = new Peers();
    private final Router router = new Router(peers);
    private final LiveReaders aggregateReaders;
    private final LiveReaders topicReaders;
    private final LiveEvents liveEvents;
    private final LiveTopics liveTopics;

    /**
     * @param tables to be filled, not started yet
     * @param board with the notes about views
     * @param kafka whether the brokers answer; what is here is read also when they don't
     * @param liveTopicReaders how many may read a whole type or view live at the same time: each has a Kafka consumer
     */
    public QueryApi(
            Domains domains,
            ServiceConfig config,
            Tables tables,
            ViewBoard board,
            KafkaWatch kafka,
            int liveTopicReaders,
            int snapshotEvery,
            MeterRegistry meters) {
        this.tables = tables;
        this.board = board;
        this.kafka = kafka;
        Topics topics = config.topics();
        Decoder decoder = new Decoder(config.values());
        domains.views().forEach(view -> views.put(view.view().name(), ServedView.of(view, topics, decoder)));
        switches = new ViewSwitches(views.values(), peers, tables, board, pulse);
        domains.aggregates()
                .forEach(type -> types.put(type.name(), EventTable.of(type, topics, decoder, snapshotEvery)));

        answering = new Answering(meters, pulse, kafka::explain);
        Duration heartbeat = config.httpIdleTimeout().dividedBy(HEARTBEATS_PER_TIMEOUT);
        aggregateReaders = new LiveReaders(
                MAX_AGGREGATE_READERS, Thread.ofVirtual().name("live-", 0).factory(), meters);
        liveEvents = new LiveEvents(peers, aggregateReaders, heartbeat);
        // A consumer's poll would hold the carrier of a virtual thread.
        topicReaders = new LiveReaders(
                liveTopicReaders,
                Thread.ofPlatform().daemon().name("live-topic-", 0).factory(),
                meters);
        liveTopics = new LiveTopics(topicReaders, new LiveConsumers(config.kafka()), heartbeat);
    }

    /**
     * Starts to fill the tables: one for each type's events, and those of views as the notes say.
     *
     * @param advertised where other instances reach this one
     */
    public void start(HostInfo advertised) {
        List<TopicTable> events = new ArrayList<>();
        types.values().forEach(type -> events.add(type.table()));
        pulse.start();
        tables.start(advertised, events);
        switches.start();
    }

    @Override
    public List<String> reasonsAgainst() {
        return Stream.<Readiness>of(kafka, tables, switches)
                .flatMap(part -> part.reasonsAgainst().stream())
                .toList();
    }

    public void routes(RoutesConfig routes) {
        routes.get("/", ctx -> Index.of(views.values(), types.keySet()).send(ctx));
        routes.get("/v1/views", this::views);
        routes.addEndpoint(Endpoint.create(HandlerType.GET, "/v1/{view}")
                .addMetadata(Produces.JSON_OR_EVENTS)
                .handler(this::page));
        routes.get("/v1/{view}/{key}", this::row);
        routes.addEndpoint(Endpoint.create(HandlerType.GET, "/v1/{type}/{id}/events")
                .addMetadata(Produces.JSON_OR_EVENTS)
                .handler(this::history));
        routes.get("/v1/{type}/{id}/state", this::state);
        routes.post(Peers.LEAVE, this::leave);
        routes.get(Peers.READABLE, this::readable);
    }

    /** Whoever reads live events; their answers end when it is closed. */
    public AutoCloseable live() {
        return () -> {
            aggregateReaders.close();
            topicReaders.close();
            liveEvents.close();
        };
    }

    /** The document of {@code /openapi.json}. */
    public ObjectNode openApi() {
        return OpenApi.of(views.values(), types.values());
    }

    private void views(Context ctx) {
        answering.answer(ctx, ViewsQuery.of(peers, tables, board, types, views.values(), ctx));
    }

    /** Asked by another instance. */
    private void leave(Context ctx) {
        ServedView view = view(ctx.pathParam("view"));
        ViewId next = generation(ctx, view);
        if (!switches.leaveAllBefore(view, next)) {
            throw Answering.unavailable("%s is not known here as live and readable".formatted(next));
        }
        ctx.status(204);
    }

    /** Asked by another instance. */
    private void readable(Context ctx) {
        ServedView view = view(ctx.pathParam("view"));
        ViewId next = generation(ctx, view);
        if (!switches.hasFoundReadable(view, next)) {
            throw Answering.unavailable("%s was not found readable here".formatted(next));
        }
        ctx.status(204);
    }

    private static ViewId generation(Context ctx, ServedView view) {
        Integer generation = Target.of(ctx).generation();
        if (generation == null || generation < 1) {
            String actual = generation == null ? "none" : "'%d'".formatted(generation);
            throw Parameters.invalid(Target.GENERATION, "a number from 1, from another instance", actual);
        }
        return new ViewId(view.name(), generation);
    }

    private void page(Context ctx) {
        if (EventStream.isAskedFor(ctx)) {
            liveTopics.answer(ctx, view(ctx.pathParam("view")));
            return;
        }
        answering.answer(ctx, PageQuery.of(peers, view(ctx.pathParam("view")), ctx));
    }

    private void row(Context ctx) {
        answering.answer(ctx, RowQuery.of(router, board, view(ctx.pathParam("view")), ctx, ctx.pathParam("key")));
    }

    private void history(Context ctx) {
        EventTable<?, ?, ?> type = type(ctx.pathParam("type"));
        String id = ctx.pathParam("id");
        boolean live = EventStream.isAskedFor(ctx);
        if (id.equals(ALL)) {
            if (!live) {
                throw onlyLive(type);
            }
            liveTopics.answer(ctx, type);
        } else if (live) {
            liveEvents.answer(ctx, type, id);
        } else {
            answering.answer(ctx, HistoryQuery.of(router, type, ctx, id));
        }
    }

    private static ProblemException onlyLive(EventTable<?, ?, ?> type) {
        return Problem.of(
                        406,
                        "not-acceptable",
                        "all events of %s are there only live: ask with Accept: %s"
                                .formatted(type.name(), EventStream.MEDIA_TYPE))
                .asException();
    }

    private void state(Context ctx) {
        answering.answer(ctx, StateQuery.of(router, type(ctx.pathParam("type")), ctx, ctx.pathParam("id")));
    }

    private ServedView view(String name) {
        return found("view", name, views);
    }

    private EventTable<?, ?, ?> type(String name) {
        return found("aggregate type", name, types);
    }

    private static <T> T found(String what, String name, Map<String, T> known) {
        T found = known.get(name);
        if (found == null) {
            throw Problem.of(
                            404,
                            "not-found",
                            "there is no %s '%s'; there are: %s"
                                    .formatted(what, name, String.join(", ", known.keySet())))
                    .asException();
        }
        return found;
    }

    @Override
    public void close() {
        switches.close();
        pulse.close();
        answering.close();
        peers.close();
    }
}
