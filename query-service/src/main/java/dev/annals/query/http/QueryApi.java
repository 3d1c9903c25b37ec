package dev.annals.query.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.query.events.EventTable;
import dev.annals.query.events.JournalTable;
import dev.annals.query.events.StreamTable;
import dev.annals.query.live.LiveEvents;
import dev.annals.query.live.LiveReaders;
import dev.annals.query.live.LiveTopics;
import dev.annals.query.live.ReadersByClient;
import dev.annals.query.live.SseStream;
import dev.annals.query.processes.Processes;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.Peers;
import dev.annals.query.routing.Router;
import dev.annals.query.routing.WaitingRequests;
import dev.annals.query.rows.PageQuery;
import dev.annals.query.rows.RowQuery;
import dev.annals.query.table.PauseDetector;
import dev.annals.query.table.RecordDecoder;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.Tables;
import dev.annals.query.table.TopicTable;
import dev.annals.query.views.CutOffDetector;
import dev.annals.query.views.CutOver;
import dev.annals.query.views.ServedView;
import dev.annals.query.views.ViewsQuery;
import dev.annals.service.Domains;
import dev.annals.service.Readiness;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Workers;
import dev.annals.service.access.Action;
import dev.annals.service.http.CoreRoute;
import dev.annals.service.http.PeerClient;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Produces;
import dev.annals.service.http.Response;
import dev.annals.service.http.RouteAccess;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.service.views.ViewRegistry;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import io.javalin.security.Roles;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import org.apache.avro.Schema;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** The HTTP side of the query service over the tables of all domains. Ready when these are. Thread-safe. */
public final class QueryApi implements Readiness, AutoCloseable {

    /** More are refused with 503. */
    private static final int MAX_AGGREGATE_READERS = 1_000;

    private static final int HEARTBEATS_PER_TIMEOUT = 3;

    private static final String ROW = "/v1/{view}/{key}";

    private static final RouteAccess READ_VIEW = RouteAccess.of(path -> Action.readRows(path.apply("view")));
    private static final RouteAccess READ_AGGREGATE = RouteAccess.of(path -> Action.readAggregates(path.apply("type")));
    private static final RouteAccess READ_PROCESS = RouteAccess.of(path -> Action.readProcess(path.apply("process")));

    /** In the place of an aggregate's id: all of them, which is no valid id. */
    private static final String ALL = "*";

    private final Tables tables;
    private final ViewRegistry board;
    private final KafkaWatch kafka;
    private final CutOver cutOver;
    private final Map<String, ServedView> views = new LinkedHashMap<>();
    private final Map<String, EventTable> types = new LinkedHashMap<>();
    private final Map<String, JournalTable> processes = new LinkedHashMap<>();
    private final PauseDetector pauses;
    private final CutOffDetector cutOffs;
    private final WaitingRequests waiting;
    private final Peers peers;
    private final Router router;
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
            ViewRegistry board,
            KafkaWatch kafka,
            int liveTopicReaders,
            int snapshotEvery,
            MeterRegistry meters,
            Workers workers) {
        this.peers = new Peers(PeerClient.of(config));
        this.pauses = new PauseDetector(workers);
        this.tables = tables;
        this.board = board;
        this.kafka = kafka;
        Topics topics = config.topics();
        RecordDecoder decoder = new RecordDecoder(config.values());
        domains.aggregates()
                .forEach(type -> types.put(type.name(), EventTable.of(type, topics, decoder, snapshotEvery)));
        if (!domains.processes().isEmpty()) {
            domains.processes(domains.aggregates().stream()
                            .<AggregateBinding<?, ?, ?>>map(AggregateBinding::of)
                            .toList())
                    .forEach(each -> processes.put(each.name(), JournalTable.of(each, topics, decoder)));
        }
        for (Domains.DomainView each : domains.views()) {
            TopicTable events = type(each.aggregate().name()).table();
            views.put(each.view().name(), ServedView.of(each, topics, decoder, events));
        }
        cutOver = new CutOver(views.values(), peers, tables, board, pauses, workers);

        cutOffs = new CutOffDetector(kafka, this::others, peers, pauses, workers);
        waiting = new WaitingRequests(meters, pauses, kafka::explain);
        router = new Router(peers, waiting);
        Duration heartbeat = config.httpIdleTimeout().dividedBy(HEARTBEATS_PER_TIMEOUT);
        ReadersByClient byClient = new ReadersByClient(config.limits().liveReaders());
        aggregateReaders = new LiveReaders(
                MAX_AGGREGATE_READERS,
                byClient,
                Thread.ofVirtual().name("live-", 0).factory(),
                meters);
        liveEvents = new LiveEvents(peers, aggregateReaders, heartbeat);
        // A consumer's poll would hold the carrier of a virtual thread.
        topicReaders = new LiveReaders(
                liveTopicReaders,
                byClient,
                Thread.ofPlatform().daemon().name("live-topic-", 0).factory(),
                meters);
        liveTopics = new LiveTopics(topicReaders, config.kafka(), heartbeat);
    }

    /**
     * Starts to fill the tables: one for each type's events and each process's journal, and those of views as the notes
     * say.
     *
     * @param advertised where other instances reach this one
     */
    public void start(HostInfo advertised) {
        List<TopicTable> streams = new ArrayList<>();
        types.values().forEach(type -> streams.add(type.table()));
        processes.values().forEach(process -> streams.add(process.table()));
        pauses.start();
        tables.start(advertised, streams);
        cutOver.start();
        cutOffs.start();
    }

    /** All have the events of every type. */
    private Set<HostInfo> others() {
        Set<HostInfo> others = new LinkedHashSet<>();
        for (EventTable type : types.values()) {
            try {
                others.addAll(type.table().otherInstances());
            } catch (TableUnavailableException notKnownNow) {
                // Another type's table may know.
            }
        }
        return others;
    }

    @Override
    public List<String> reasonsAgainst() {
        return Readiness.all(kafka, cutOffs, tables, cutOver).reasonsAgainst();
    }

    public void routes(RoutesConfig routes) {
        routes.get("/", ctx -> index().send(ctx), RouteAccess.KNOWN);
        routes.get(
                "/v1/views",
                ctx -> ViewsQuery.answer(ctx, waiting, peers, tables, board, views.values()),
                RouteAccess.OPERATE);
        processRoutes(routes);
        routes.addEndpoint(Endpoint.create(HandlerType.GET, "/v1/{view}")
                .addMetadata(Produces.JSON_OR_EVENTS)
                .addMetadata(new Roles(Set.of(READ_VIEW)))
                .handler(this::page));
        routes.get(ROW, ctx -> RowQuery.answer(ctx, router, view(ctx.pathParam("view")), board), READ_VIEW);
        routes.addEndpoint(Endpoint.create(HandlerType.GET, "/v1/{type}/{id}/events")
                .addMetadata(Produces.JSON_OR_EVENTS)
                .addMetadata(new Roles(Set.of(READ_AGGREGATE)))
                .handler(ctx -> history(ctx, type(ctx.pathParam("type")))));
        routes.get(
                "/v1/{type}/{id}/state", ctx -> type(ctx.pathParam("type")).answerState(ctx, router), READ_AGGREGATE);
        internalRoutes(routes);
    }

    private void internalRoutes(RoutesConfig routes) {
        routes.post(
                CutOver.LEAVE,
                ctx -> say(ctx, cutOver::leaveAllBefore, "%s is not known here as live and readable"),
                RouteAccess.INTERNAL);
        routes.get(
                CutOver.READABLE,
                ctx -> say(ctx, cutOver::hasFoundReadable, "%s was not found readable here"),
                RouteAccess.INTERNAL);
        routes.get(
                CutOffDetector.SINCE_ANSWER,
                ctx -> ctx.result(Long.toString(kafka.sinceAnswer().toMillis())),
                RouteAccess.INTERNAL);
        routes.get(
                CutOver.PARTITIONS,
                ctx -> {
                    Set<Integer> asked = ForwardedRequest.of(ctx).partitions();
                    say(
                            ctx,
                            (view, id) -> cutOver.arePartitionsReadable(view, id, asked),
                            "not all of %s can be read here");
                },
                RouteAccess.INTERNAL);
    }

    /** Rows that are here; what has to be looked for elsewhere, or is told apart by more than its path, is not. */
    public List<CoreRoute> core() {
        return List.of(new CoreRoute(
                HandlerType.GET.name(), ROW, READ_VIEW, path -> views.containsKey(path.getFirst()), this::row));
    }

    private @Nullable CompletionStage<Response> row(CoreRoute.Request request) {
        if (request.first("If-None-Match") != null) {
            return null;
        }
        ServedView view = view(request.parameters().getFirst());
        Response row = RowQuery.atOnce(request, router, view, board);
        return row == null || request.wantsCompressed(row) ? null : CompletableFuture.completedStage(row);
    }

    /** Before those of views and types, which else take them for their own. */
    private void processRoutes(RoutesConfig routes) {
        String process = "/v1/processes/{process}";
        routes.get("/v1/processes", ctx -> Processes.answerList(ctx, processes.values()), RouteAccess.KNOWN);
        routes.get(process, ctx -> Processes.page(ctx, peers, process(ctx)).answer(ctx, waiting), READ_PROCESS);
        routes.get(process + "/{id}", ctx -> process(ctx).answerStateNow(ctx, router), READ_PROCESS);
        routes.get(process + "/{id}/state", ctx -> process(ctx).answerState(ctx, router), READ_PROCESS);
        routes.addEndpoint(Endpoint.create(HandlerType.GET, process + "/{id}/history")
                .addMetadata(Produces.JSON_OR_EVENTS)
                .addMetadata(new Roles(Set.of(READ_PROCESS)))
                .handler(ctx -> history(ctx, process(ctx))));
    }

    /** Whoever reads live events; their answers end when it is closed. */
    public AutoCloseable live() {
        return () -> {
            aggregateReaders.close();
            topicReaders.close();
            liveEvents.close();
        };
    }

    public ObjectNode openApi() {
        return OpenApi.of(views.values(), types.values(), processes.values());
    }

    private Response index() {
        ObjectNode index = JsonNodeFactory.instance.objectNode().put("service", "annals-query");
        index.put("openapi", "/openapi.json").put("status", "/v1/views");
        ArrayNode rows = index.putArray("views");
        for (ServedView view : views.values()) {
            ObjectNode item = rows.addObject().put("name", view.name()).put("list", "/v1/" + view.name());
            item.put("row", "/v1/" + view.name() + "/{key}").put("aggregateType", view.type());
            ArrayNode filters = item.putArray("filters");
            view.filters().forEach(filter -> filters.add(filter.parameter()));
        }
        ArrayNode streams = index.putArray("aggregateTypes");
        types.forEach((name, type) -> {
            ObjectNode item = streams.addObject().put("name", name);
            item.put("events", "/v1/" + name + "/{id}/events").put("state", "/v1/" + name + "/{id}/state");
            ArrayNode events = item.putArray("eventTypes");
            type.eventSchemas().stream().map(Schema::getName).sorted().forEach(events::add);
        });
        ArrayNode instances = index.putArray("processes");
        processes
                .keySet()
                .forEach(process -> instances
                        .addObject()
                        .put("name", process)
                        .put("list", "/v1/processes/" + process)
                        .put("instance", "/v1/processes/" + process + "/{id}")
                        .put("history", "/v1/processes/" + process + "/{id}/history"));
        return Response.json(json -> json.writeTree(index));
    }

    /** Another instance asks about a generation: 204 is yes, 503 no. */
    private void say(Context ctx, BiPredicate<ServedView, ViewId> yes, String no) {
        ServedView view = view(ctx.pathParam("view"));
        ViewId generation = new ViewId(view.name(), ForwardedRequest.of(ctx).requireGeneration());
        if (!yes.test(view, generation)) {
            throw WaitingRequests.unavailable(no.formatted(generation));
        }
        ctx.status(204);
    }

    private void page(Context ctx) {
        if (SseStream.isAskedFor(ctx)) {
            liveTopics.answer(ctx, view(ctx.pathParam("view")));
            return;
        }
        PageQuery.of(ctx, peers, view(ctx.pathParam("view"))).answer(ctx, waiting);
    }

    private void history(Context ctx, StreamTable streams) {
        String id = ctx.pathParam("id");
        boolean live = SseStream.isAskedFor(ctx);
        if (id.equals(ALL)) {
            if (!live) {
                throw onlyLive(streams);
            }
            liveTopics.answer(ctx, streams);
        } else if (live) {
            liveEvents.answer(ctx, streams, id);
        } else {
            streams.answerHistory(ctx, router);
        }
    }

    private static ProblemException onlyLive(StreamTable streams) {
        return ProblemException.of(
                406,
                "not-acceptable",
                "all events of %s are there only live: ask with Accept: %s"
                        .formatted(streams.name(), SseStream.MEDIA_TYPE));
    }

    private ServedView view(String name) {
        return found("view", name, views);
    }

    private EventTable type(String name) {
        return found("aggregate type", name, types);
    }

    private JournalTable process(Context ctx) {
        return found("process", ctx.pathParam("process"), processes);
    }

    private static <T> T found(String what, String name, Map<String, T> known) {
        T found = known.get(name);
        if (found == null) {
            throw ProblemException.of(
                    404,
                    "not-found",
                    "there is no %s '%s'; there are: %s".formatted(what, name, String.join(", ", known.keySet())));
        }
        return found;
    }

    @Override
    public void close() {
        cutOver.close();
        cutOffs.close();
        pauses.close();
        waiting.close();
        peers.close();
    }
}
