package dev.annals.query.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.core.notes.Stop;
import dev.annals.core.notes.ViewId;
import dev.annals.core.projecting.ViewTopology;
import dev.annals.query.table.TableLag;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.Tables;
import dev.annals.query.table.TopicTable;
import dev.annals.service.http.Json;
import dev.annals.service.kafka.StreamsHost;
import dev.annals.service.views.ViewBoard;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;

/**
 * {@code GET /v1/views}: every view with its state and lag, summed up over the instances.
 *
 * <p>The lag in records is the events that the projector has not folded and the rows that are not here yet; offsets are
 * counted, so transaction markers are too. The lag in seconds is that of the rows. A view that no projector can fold further is
 * stopped, with the place and the reason.
 */
record ViewsQuery(
        Peers peers,
        Tables tables,
        ViewBoard board,
        Map<String, EventTable<?, ?, ?>> types,
        Collection<ViewTable> views,
        Target target)
        implements Query {

    private static final String LAG_RECORDS = "lagRecords";
    private static final String LAG_SECONDS = "lagSeconds";
    private static final String STATE = "state";
    private static final String RUNNING = "RUNNING";
    private static final String STOPPED = "stopped";

    static ViewsQuery of(
            Peers peers,
            Tables tables,
            ViewBoard board,
            Map<String, EventTable<?, ?, ?>> types,
            Collection<ViewTable> views,
            Context ctx) {
        Parameters.allowOnly(ctx, List.of());
        return new ViewsQuery(peers, tables, board, types, views, Target.of(ctx));
    }

    @Override
    public Answer answer(Patience patience) {
        if (patience == Patience.NONE) {
            throw new TableUnavailableException("the brokers are to be asked");
        }
        Map<String, ObjectNode> items = new LinkedHashMap<>();
        views.forEach(view -> items.put(view.name(), here(view)));
        if (!target.passedOn()) {
            others().forEach(owner -> add(items, peers.pass(owner, target, Duration.ZERO)));
            views.forEach(view -> addStop(Objects.requireNonNull(items.get(view.name())), view));
        }
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        page.putArray("items").addAll(items.values());
        page.putNull("nextCursor");
        return Answer.json(json -> json.writeTree(page));
    }

    private ObjectNode here(ViewTable view) {
        // From events to rows: what is folded in between is counted twice rather than not at all.
        long notFolded = target.passedOn() ? 0 : notFolded(view);
        TableLag lag = tables.lag(view.table());
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", view.name())
                .put("version", view.view().version())
                .put("aggregateType", view.type())
                .put(STATE, view.table().state())
                .put(LAG_RECORDS, lag.records() + notFolded)
                .put(LAG_SECONDS, lag.seconds())
                .put("replayInProgress", false);
    }

    /** Counted once, by the instance that was asked. */
    private long notFolded(ViewTable view) {
        EventTable<?, ?, ?> events = Objects.requireNonNull(types.get(view.type()));
        return tables.behind(ViewTopology.applicationId(view.view()), events.table());
    }

    /** What a projector said wins over the state of the tables: they may well be up to date with a view that stands still. */
    private void addStop(ObjectNode item, ViewTable view) {
        Stop stop = board.stop(ViewId.of(view.view()));
        if (stop == null) {
            item.putNull(STOPPED);
        } else {
            item.put(STATE, StreamsHost.STOPPED).set(STOPPED, stop.details());
        }
    }

    private Set<HostInfo> others() {
        Set<HostInfo> others = new LinkedHashSet<>();
        for (ViewTable view : views) {
            TopicTable table = view.table();
            table.instancesWithParts().stream()
                    .filter(owner -> !table.isSelf(owner))
                    .forEach(others::add);
        }
        return others;
    }

    private static void add(Map<String, ObjectNode> items, Answer part) {
        for (JsonNode other : read(part)) {
            ObjectNode item = items.get(other.path("name").asText());
            if (item != null) {
                item.put(
                        LAG_RECORDS,
                        item.path(LAG_RECORDS).asLong()
                                + other.path(LAG_RECORDS).asLong());
                item.put(
                        LAG_SECONDS,
                        Math.max(
                                item.path(LAG_SECONDS).asDouble(),
                                other.path(LAG_SECONDS).asDouble()));
                if (!other.path(STATE).asText().equals(RUNNING)) {
                    item.set(STATE, other.path(STATE));
                }
            }
        }
    }

    private static ArrayNode read(Answer part) {
        try {
            return Json.mapper().readTree(part.body()).withArray("items");
        } catch (IOException | UnsupportedOperationException e) {
            throw new TableUnavailableException("another instance answered what is no list of views", e);
        }
    }
}
