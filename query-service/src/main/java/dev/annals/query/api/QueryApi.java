package dev.annals.query.api;

import dev.annals.core.kafka.AvroSerdes;
import dev.annals.core.kafka.Topics;
import dev.annals.query.table.Tables;
import dev.annals.query.table.TopicTable;
import dev.annals.service.Domains;
import dev.annals.service.http.Problem;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The HTTP side of the query service over the tables of all domains. Thread-safe. */
public final class QueryApi implements AutoCloseable {

    private final Map<String, ViewTable> views = new LinkedHashMap<>();
    private final Map<String, EventTable<?, ?, ?>> types = new LinkedHashMap<>();
    private final Answering answering = new Answering();
    private final Peers peers = new Peers();
    private final Router router = new Router(peers);
    private final LiveEvents live = new LiveEvents(peers);
    private volatile @Nullable Tables tables;

    /** @param values how stored values are read */
    public QueryApi(Domains domains, Topics topics, AvroSerdes values) {
        Decoder decoder = new Decoder(values);
        domains.views().forEach(view -> views.put(view.view().name(), ViewTable.of(view, topics, decoder)));
        domains.aggregates().forEach(type -> types.put(type.name(), EventTable.of(type, topics, decoder)));
    }

    /** The tables that requests are answered from: one a view, one a type's events. */
    public List<TopicTable> tables() {
        List<TopicTable> all = new ArrayList<>();
        types.values().forEach(type -> all.add(type.table()));
        views.values().forEach(view -> all.add(view.table()));
        return all;
    }

    /** Has requests answered from the tables, once they run; before, the answer is 503. */
    public void serve(Tables running) {
        tables = running;
    }

    public void routes(RoutesConfig routes) {
        routes.get("/", ctx -> Index.of(views.values(), types.keySet()).send(ctx));
        routes.get("/v1/views", this::views);
        routes.get("/v1/{view}", this::page);
        routes.get("/v1/{view}/{key}", this::row);
        routes.get("/v1/{type}/{id}/events", this::history);
        routes.get("/v1/{type}/{id}/state", this::state);
    }

    /** Whoever reads live events; their answers end when it is closed. */
    public AutoCloseable live() {
        return live;
    }

    /** The document of {@code /openapi.json}. */
    public Object openApi() {
        return OpenApi.of(views.values(), types.values());
    }

    private void views(Context ctx) {
        Tables running = tables;
        if (running == null) {
            throw Answering.unavailable("the service is starting");
        }
        answering.answer(ctx, ViewsQuery.of(peers, running, types, views.values(), ctx));
    }

    private void page(Context ctx) {
        answering.answer(ctx, PageQuery.of(peers, view(ctx.pathParam("view")), ctx));
    }

    private void row(Context ctx) {
        answering.answer(ctx, RowQuery.of(router, view(ctx.pathParam("view")), ctx, ctx.pathParam("key")));
    }

    private void history(Context ctx) {
        if (LiveEvents.isAskedFor(ctx)) {
            live.answer(ctx, type(ctx.pathParam("type")), ctx.pathParam("id"));
            return;
        }
        answering.answer(ctx, HistoryQuery.of(router, type(ctx.pathParam("type")), ctx, ctx.pathParam("id")));
    }

    private void state(Context ctx) {
        answering.answer(ctx, StateQuery.of(router, type(ctx.pathParam("type")), ctx, ctx.pathParam("id")));
    }

    private ViewTable view(String name) {
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
        answering.close();
        peers.close();
    }
}
