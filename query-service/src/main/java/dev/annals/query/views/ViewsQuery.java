package dev.annals.query.views;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.Parameters;
import dev.annals.query.routing.Peers;
import dev.annals.query.routing.WaitingRequests;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.Tables;
import dev.annals.query.table.TopicTable;
import dev.annals.service.http.Json;
import dev.annals.service.http.Response;
import dev.annals.service.kafka.StreamsHost;
import dev.annals.service.views.ViewRegistry;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/views}: every view with its state and lag, summed up over the instances, of the generation that
 * answers here; and how far the one is that is being built.
 *
 * <p>The lag in records is the events that the projector has not folded and the rows that are not here yet; offsets are
 * counted, so transaction markers are too. The lag in seconds is that of the rows. A view that no projector can fold
 * further is stopped, with the place and the reason.
 *
 * <p>Between instances each generation is an item of its own.
 */
public record ViewsQuery(
        Peers peers, Tables tables, ViewRegistry board, Collection<ServedView> views, ForwardedRequest request) {

    private static final String NAME = "name";
    private static final String GENERATION = "generation";
    private static final String LAG_RECORDS = "lagRecords";
    private static final String LAG_SECONDS = "lagSeconds";
    private static final String STATE = "state";
    private static final String RUNNING = "RUNNING";
    private static final String STOPPED = "stopped";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** On a virtual thread, since brokers and other instances are to be asked. */
    public static void answer(
            Context ctx,
            WaitingRequests waiting,
            Peers peers,
            Tables tables,
            ViewRegistry board,
            Collection<ServedView> views) {
        Parameters.allowOnly(ctx, List.of());
        ViewsQuery query = new ViewsQuery(peers, tables, board, views, ForwardedRequest.of(ctx));
        waiting.answer(ctx, Duration.ZERO, query::answer);
    }

    /** A generation's table, as far as it is on the instances that were asked. */
    private record Part(String state, long lagRecords, double lagSeconds) {

        static Part of(JsonNode item) {
            return new Part(
                    item.path(STATE).asText(),
                    item.path(LAG_RECORDS).asLong(),
                    item.path(LAG_SECONDS).asDouble());
        }

        Part and(Part other) {
            return new Part(
                    other.state.equals(RUNNING) ? state : other.state,
                    lagRecords + other.lagRecords,
                    Math.max(lagSeconds, other.lagSeconds));
        }

        ObjectNode json(ViewId id) {
            return JSON.objectNode()
                    .put(NAME, id.name())
                    .put(GENERATION, id.generation())
                    .put(STATE, state)
                    .put(LAG_RECORDS, lagRecords)
                    .put(LAG_SECONDS, lagSeconds);
        }
    }

    private Response answer() {
        ArrayNode items = JSON.arrayNode();
        if (request.passedOn()) {
            here().forEach((id, part) -> items.add(part.json(id)));
        } else {
            Map<ViewId, Part> parts = everywhere();
            views.forEach(view -> items.add(item(view, parts)));
        }
        ObjectNode page = JSON.objectNode();
        page.set("items", items);
        page.putNull("nextCursor");
        return Response.json(json -> json.writeTree(page));
    }

    private Map<ViewId, Part> here() {
        Map<ViewId, Part> parts = new LinkedHashMap<>();
        for (ServedView view : views) {
            for (ViewTable each : view.tables()) {
                Tables.Lag lag = tables.lag(each.table());
                parts.put(each.id(), new Part(each.table().state(), lag.records(), lag.seconds()));
            }
        }
        return parts;
    }

    private Map<ViewId, Part> everywhere() {
        // From events to rows: what is folded in between is counted twice rather than not at all.
        Map<ViewId, Part> parts = new HashMap<>();
        for (ServedView view : views) {
            ViewTable served = view.served();
            if (served != null) {
                parts.put(served.id(), new Part(RUNNING, notFolded(view, served.id()), 0));
            }
        }
        here().forEach((id, part) -> parts.merge(id, part, Part::and));
        for (HostInfo other : others()) {
            for (JsonNode item : read(peers.pass(other, request, Duration.ZERO))) {
                ViewId id = new ViewId(
                        item.path(NAME).asText(), item.path(GENERATION).intValue());
                parts.merge(id, Part.of(item), Part::and);
            }
        }
        return parts;
    }

    /** What a generation's projectors have still to read. */
    private long notFolded(ServedView view, ViewId id) {
        return tables.behind(ViewTopology.applicationId(id), view.events());
    }

    private ObjectNode item(ServedView view, Map<ViewId, Part> parts) {
        ViewTable served = view.served();
        Generation coming = board.generations().coming(view.name());
        ObjectNode item = JSON.objectNode().put(NAME, view.name()).put("aggregateType", view.type());
        Part part = served == null ? null : parts.get(served.id());
        if (served == null || part == null) {
            item.putNull(GENERATION).put(STATE, coming == null ? "STARTING" : "BUILDING");
            item.putNull(LAG_RECORDS).putNull(LAG_SECONDS).putNull(STOPPED);
        } else {
            item.setAll(part.json(served.id()));
            addStop(item, served.id());
        }
        item.put("replayInProgress", coming != null);
        item.set("replay", coming == null ? JSON.nullNode() : replay(view, coming));
        return item;
    }

    private ObjectNode replay(ServedView view, Generation coming) {
        ObjectNode replay = JSON.objectNode()
                .put(GENERATION, coming.view().generation())
                .put("status", coming.statusName())
                .put("since", coming.since().toString())
                .put(LAG_RECORDS, notFolded(view, coming.view()));
        Stop stop = board.stop(coming.view());
        replay.set(STOPPED, stop == null ? JSON.nullNode() : stop.details());
        return replay;
    }

    /**
     * What a projector said wins over the state of the tables: they may well be up to date with a view that stands
     * still.
     */
    private void addStop(ObjectNode item, ViewId id) {
        @Nullable Stop stop = board.stop(id);
        if (stop == null) {
            item.putNull(STOPPED);
        } else {
            item.put(STATE, StreamsHost.STOPPED).set(STOPPED, stop.details());
        }
    }

    private Set<HostInfo> others() {
        Set<HostInfo> others = new LinkedHashSet<>();
        for (ServedView view : views) {
            for (ViewTable each : view.tables()) {
                TopicTable table = each.table();
                table.instancesWithParts().stream()
                        .filter(owner -> !table.isSelf(owner))
                        .forEach(others::add);
            }
        }
        return others;
    }

    private static ArrayNode read(Response part) {
        try {
            return Json.mapper().readTree(part.body()).withArray("items");
        } catch (IOException | UnsupportedOperationException e) {
            throw new TableUnavailableException("another instance answered what is no list of views", e);
        }
    }
}
