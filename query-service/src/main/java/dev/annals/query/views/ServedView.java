package dev.annals.query.views;

import dev.annals.api.Filter;
import dev.annals.api.View;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.RowBinding;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.WaitingRequests;
import dev.annals.query.table.RecordDecoder;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.TopicTable;
import dev.annals.query.table.TopicTable.Phase;
import dev.annals.service.Domains.DomainView;
import dev.annals.service.http.ProblemException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A view as this instance serves it: the tables of its generations that are here, and which of them answers. That
 * changes at one moment for all requests that begin after it, and never back. Between the two, requests wait. Changed
 * by {@link CutOver}; thread-safe.
 */
public final class ServedView {

    private static final String RETRY_AFTER_SECONDS = "5";

    private final String type;
    private final View<?, ?> view;
    private final Schema schema;
    private final RecordDecoder decoder;
    private final TopicTable events;
    private final Topics topics;
    private final ConcurrentNavigableMap<Integer, ViewTable> tables = new ConcurrentSkipListMap<>();
    private final AtomicInteger oldestAllowed = new AtomicInteger();
    private volatile @Nullable ViewTable current;
    private volatile @Nullable Generation building;

    private ServedView(
            String type, View<?, ?> view, Schema schema, RecordDecoder decoder, Topics topics, TopicTable events) {
        this.type = type;
        this.view = view;
        this.schema = schema;
        this.decoder = decoder;
        this.topics = topics;
        this.events = events;
    }

    /** @param events of the aggregate type that it folds */
    public static ServedView of(DomainView each, Topics topics, RecordDecoder decoder, TopicTable events) {
        Schema schema = RowBinding.of(each.aggregate(), each.view()).schema();
        return new ServedView(each.aggregate().name(), each.view(), schema, decoder, topics, events);
    }

    public String name() {
        return view.name();
    }

    /** The aggregate type whose domain lists it, and whose events it folds. */
    public String type() {
        return type;
    }

    TopicTable events() {
        return events;
    }

    /** Of the rows, with {@code id} and {@code version}. */
    public Schema schema() {
        return schema;
    }

    RecordDecoder decoder() {
        return decoder;
    }

    public List<Filter> filters() {
        return view.filters();
    }

    /**
     * What answers now.
     *
     * @throws TableUnavailableException while it is not known what does, or between two generations
     * @throws dev.annals.service.http.ProblemException 503 while the first generation is being built
     */
    public ViewTable current() {
        ViewTable now = current;
        if (now != null && now.generation() < oldestAllowed.get()) {
            throw new TableUnavailableException("%s is going over to generation %s".formatted(name(), oldestAllowed));
        }
        if (now != null) {
            return now;
        }
        Generation first = building;
        if (first != null) {
            throw ProblemException.of(
                            503,
                            "view-building",
                            "the view %s is being built from the events since %s; GET /v1/views says how far it is"
                                    .formatted(name(), first.since()))
                    .withHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        throw new TableUnavailableException("no generation of the view %s is here yet".formatted(name()));
    }

    /** What answers now, null if nothing does. */
    public @Nullable ViewTable served() {
        return current;
    }

    /**
     * What is to answer a request: the current generation, or the one that the instance that passed the request on has
     * chosen.
     *
     * @throws dev.annals.service.http.ProblemException 503 if that one is not here
     */
    public ViewTable of(ForwardedRequest request) {
        if (!request.passedOn()) {
            return current();
        }
        int chosen = request.requireGeneration();
        ViewTable table = tables.get(chosen);
        if (table == null) {
            throw WaitingRequests.unavailable("generation %d of %s is not here".formatted(chosen, name()));
        }
        return table;
    }

    /** All generations here, the oldest first. */
    public Collection<ViewTable> tables() {
        return tables.values();
    }

    @Nullable
    ViewTable table(int generation) {
        return tables.get(generation);
    }

    ViewTable newTable(ViewId id, Phase phase) {
        return ViewTable.of(this, id, topics, phase);
    }

    /** The topic of one of its generations, here or not. */
    public String topic(int generation) {
        return topics.view(name(), generation);
    }

    void add(ViewTable table) {
        tables.put(table.generation(), table);
    }

    void remove(ViewTable table) {
        tables.remove(table.generation());
    }

    /** What is to be said while nothing answers. */
    void building(@Nullable Generation first) {
        building = first;
    }

    /** No request that begins from now on is answered from a generation before this one. */
    void leaveAllBefore(int generation) {
        oldestAllowed.accumulateAndGet(generation, Math::max);
    }

    /**
     * From now on requests are answered from this table, which is complete. Whoever waits for the one before is sent
     * here.
     */
    void serve(ViewTable next) {
        ViewTable before = current;
        next.table().become(Phase.OPEN);
        current = next;
        if (before != null) {
            before.table().become(Phase.PAST);
        }
    }

    /** What answered was removed, and nothing has come in its place. */
    void serveNothing() {
        ViewTable before = current;
        current = null;
        if (before != null) {
            before.table().become(Phase.PAST);
        }
    }
}
