package dev.annals.query.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.api.Filter;
import dev.annals.engine.json.JsonSchemas;
import dev.annals.engine.json.ScalarOrder;
import dev.annals.engine.kafka.EventKey;
import dev.annals.query.events.EventTable;
import dev.annals.query.events.JournalTable;
import dev.annals.query.live.SseStream;
import dev.annals.query.processes.Processes;
import dev.annals.query.routing.Page;
import dev.annals.query.routing.Parameters;
import dev.annals.query.routing.Router;
import dev.annals.query.views.ServedView;
import dev.annals.service.http.Json;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The OpenAPI 3.1 document of the queries: what is the same for all domains, and what the schemas of rows and events
 * say.
 */
final class OpenApi {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String EXAMPLE_ID = "536365";
    private static final String POSITION = "1.2s.0.1f.7.1gq0yt5";
    private static final String AT_MOST =
            ", at most: it ends at %d MiB, with one item at least; nextCursor says whether there are more"
                    .formatted(Page.MAX_BYTES >> 20);
    private static final String LIVE_FROM = "first for all that is there, or a position; else what comes from now on";

    private final ObjectNode root = Json.resource(OpenApi.class, "openapi.json");
    private final ObjectNode paths = (ObjectNode) root.get("paths");
    private final ObjectNode schemas = (ObjectNode) root.at("/components/schemas");

    private OpenApi() {}

    static ObjectNode of(
            Collection<ServedView> views, Collection<EventTable> types, Collection<JournalTable> processes) {
        OpenApi document = new OpenApi();
        views.forEach(document::view);
        types.forEach(document::type);
        processes.forEach(document::process);
        return document.root;
    }

    private void view(ServedView view) {
        String name = view.schema().getName();
        schemas.set(name, JsonSchemas.output(view.schema()));
        ObjectNode example = JsonSchemas.example(view.schema());

        ObjectNode list = operation("/v1/" + view.name(), "A page of " + view.name() + ", in key order");
        ArrayNode filters = list.putArray("parameters");
        parameter(filters, Parameters.LIMIT, "rows of a page" + AT_MOST, limit(Parameters.DEFAULT_LIMIT));
        parameter(filters, Parameters.CURSOR, "nextCursor of the page before", string());
        view.filters()
                .forEach(filter -> parameter(filters, filter.parameter(), describe(filter, view.schema()), string()));
        parameter(filters, Parameters.FROM, "live: " + LIVE_FROM, string());
        answer(list, 200, page(name), pageOf(example));
        live(list, "live: the position after which to go on", exampleLive(POSITION, example));
        problems(list, 400, 406, 410, 421, 429, 502, 503);

        ObjectNode row = operation("/v1/" + view.name() + "/{key}", "One row of " + view.name());
        ArrayNode parameters = row.putArray("parameters");
        path(parameters, "key", "the row's key");
        minVersion(parameters, "row");
        answer(row, 200, reference(name), example);
        notModified(row);
        problems(row, 400, 404, 406, 421, 429, 502, 503, 504);
    }

    private void type(EventTable type) {
        ObjectNode events = operation("/v1/" + type.name() + "/{id}/events", "The events of one aggregate, in order");
        ArrayNode parameters = events.putArray("parameters");
        path(parameters, "id", "the aggregate's id");
        order(parameters);
        parameter(parameters, Parameters.LIMIT, "stored events of a page" + AT_MOST, limit(Parameters.DEFAULT_EVENTS));
        parameter(parameters, Parameters.CURSOR, "nextCursor of the page before", string());
        minVersion(parameters, "stream");
        answer(events, 200, page("Event"), pageOf(exampleEvent(type)));
        live(events, "live: the version after which to go on", exampleLive("1", exampleEvent(type)));
        problems(events, 400, 404, 406, 421, 429, 502, 503, 504);

        ObjectNode all = operation(
                "/v1/" + type.name() + "/*/events", "All events, live; the ids are positions in all partitions");
        parameter(all.putArray("parameters"), Parameters.FROM, LIVE_FROM, string());
        all.withObject("/responses").putObject("200").put("description", "begins");
        live(all, "the position after which to go on", exampleLive(POSITION, exampleEvent(type)));
        problems(all, 400, 406, 421, 429, 503);

        String name = type.stateSchema().getName() + "State";
        schemas.set(name, state(type.stateSchema()));
        ObjectNode state = operation("/v1/" + type.name() + "/{id}/state", "The aggregate as it is or was");
        ArrayNode moments = state.putArray("parameters");
        path(moments, "id", "the aggregate's id");
        parameter(moments, Parameters.VERSION, "after this event", integer(1, EventKey.MAX_VERSION));
        parameter(moments, Parameters.AT, "at this time (UTC)", string().put("format", "date-time"));
        minVersion(moments, "stream");
        answer(
                state,
                200,
                reference(name),
                JSON.objectNode()
                        .put("id", EXAMPLE_ID)
                        .put("version", 1)
                        .set("state", JsonSchemas.example(type.stateSchema())));
        notModified(state);
        problems(state, 400, 404, 406, 410, 421, 429, 502, 503, 504);
    }

    private void process(JournalTable process) {
        String path = "/v1/processes/" + process.name();
        ObjectNode list =
                operation(path, "A page of the instances of " + process.name() + ", in the order of their ids");
        ArrayNode filters = list.putArray("parameters");
        parameter(filters, Parameters.LIMIT, "instances of a page" + AT_MOST, limit(Parameters.DEFAULT_LIMIT));
        parameter(filters, Parameters.CURSOR, "nextCursor of the page before", string());
        parameter(
                filters,
                Processes.STATUS,
                "one of %s; a scan, so pages may be short".formatted(Processes.statuses()),
                string());
        answer(list, 200, page("Instance"), pageOf(exampleOf("Instance")));
        problems(list, 400, 404, 406, 421, 429, 502, 503);

        String name = process.name() + ".Instance";
        schemas.set(name, instance(process.stateSchema()));
        ObjectNode example = exampleOf("InstanceNow");
        example.set("state", JsonSchemas.example(process.stateSchema()));
        ObjectNode now = operation(path + "/{id}", "One instance of " + process.name());
        ArrayNode parameters = now.putArray("parameters");
        path(parameters, "id", "the instance's id");
        minVersion(parameters, "journal");
        ObjectNode past = operation(path + "/{id}/state", "The instance as it is or was");
        ArrayNode moments = past.putArray("parameters");
        path(moments, "id", "the instance's id");
        parameter(moments, Parameters.VERSION, "after this entry", integer(1, EventKey.MAX_VERSION));
        parameter(moments, Parameters.AT, "at this time (UTC)", string().put("format", "date-time"));
        minVersion(moments, "journal");
        for (ObjectNode each : List.of(now, past)) {
            answer(each, 200, reference(name), example);
            notModified(each);
            problems(each, 400, 404, 406, 410, 421, 429, 502, 503, 504);
        }

        String entry = process.name() + ".Entry";
        schemas.set(entry, entry(process.process().journalSchema()));
        ObjectNode history = operation(path + "/{id}/history", "What came to an instance and what it did, in order");
        ArrayNode parts = history.putArray("parameters");
        path(parts, "id", "the instance's id");
        order(parts);
        parameter(parts, Parameters.LIMIT, "entries of a page" + AT_MOST, limit(Parameters.DEFAULT_EVENTS));
        parameter(parts, Parameters.CURSOR, "nextCursor of the page before", string());
        minVersion(parts, "journal");
        answer(history, 200, page(entry), pageOf(exampleEntry(process)));
        live(history, "live: the version after which to go on", exampleLive("1", exampleEntry(process)));
        problems(history, 400, 404, 406, 421, 429, 502, 503, 504);

        ObjectNode all = operation(
                path + "/*/history", "All entries of all instances, live; the ids are positions in all partitions");
        parameter(all.putArray("parameters"), Parameters.FROM, LIVE_FROM, string());
        all.withObject("/responses").putObject("200").put("description", "begins");
        live(all, "the position after which to go on", exampleLive(POSITION, exampleEntry(process)));
        problems(all, 400, 406, 421, 429, 503);
    }

    /** Those of all processes are alike but for the state. */
    private ObjectNode instance(Schema state) {
        ObjectNode json = schemas.withObject("/InstanceNow").deepCopy();
        json.withObject("/properties").set("state", JsonSchemas.output(state));
        return json;
    }

    /** As events are, with what the journal holds as data. */
    private ObjectNode entry(Schema journal) {
        ObjectNode json = schemas.withObject("/Event").deepCopy();
        ObjectNode properties = json.withObject("/properties");
        properties.remove(List.of("part", "parts", "retired", "summary"));
        properties.set("data", JsonSchemas.output(journal));
        return json;
    }

    private ObjectNode exampleOf(String schema) {
        return (ObjectNode)
                schemas.withObject("/" + schema).withArray("examples").get(0).deepCopy();
    }

    private static ObjectNode exampleEntry(JournalTable process) {
        Schema journal = process.process().journalSchema();
        ObjectNode entry = JSON.objectNode()
                .put("version", 1)
                .put("type", journal.getFullName())
                .put("time", "2011-01-04T10:00:00Z")
                .put("id", "%s/%s/1".formatted(process.name(), EXAMPLE_ID));
        entry.set("data", JsonSchemas.example(journal));
        entry.putObject("headers").put("ce_subject", EXAMPLE_ID);
        return entry;
    }

    private static void notModified(ObjectNode operation) {
        operation.withObject("/responses").putObject("304").put("description", "If-None-Match names this version");
    }

    /** With {@code Accept: text/event-stream}, one more kind of answer. */
    private static void live(ObjectNode operation, String lastEventId, String example) {
        operation
                .withArray("parameters")
                .addObject()
                .put("name", Parameters.LAST_EVENT_ID)
                .put("in", "header")
                .put("description", lastEventId)
                .set("schema", string());
        operation
                .withObject("/responses/200/content")
                .putObject(SseStream.MEDIA_TYPE)
                .put("example", example)
                .set("schema", string());
    }

    private static String exampleLive(String id, ObjectNode data) {
        return "id: %s\ndata: %s\n\n".formatted(id, data);
    }

    private ObjectNode operation(String path, String summary) {
        return paths.putObject(path).putObject("get").put("summary", summary);
    }

    private static void path(ArrayNode parameters, String name, String description) {
        parameters
                .addObject()
                .put("name", name)
                .put("in", "path")
                .put("required", true)
                .put("description", description)
                .<ObjectNode>set("schema", string())
                .put("example", EXAMPLE_ID);
    }

    private static void parameter(ArrayNode parameters, String name, String description, ObjectNode schema) {
        parameters
                .addObject()
                .put("name", name)
                .put("in", "query")
                .put("description", description)
                .set("schema", schema);
    }

    private static void order(ArrayNode parameters) {
        parameter(
                parameters,
                Parameters.FROM,
                "the version with which to begin: the first of all if absent, or with order=desc the last",
                integer(1, EventKey.MAX_VERSION));
        ObjectNode orders = string().put("default", "asc");
        orders.putArray("enum").add("asc").add("desc");
        parameter(parameters, Parameters.ORDER, "desc for the newest first; not of a live answer", orders);
    }

    private static void minVersion(ArrayNode parameters, String what) {
        parameter(
                parameters,
                Parameters.MIN_VERSION,
                "wait until the %s has this version".formatted(what),
                integer(1, EventKey.MAX_VERSION));
        parameter(
                parameters,
                Parameters.TIMEOUT,
                "seconds to wait, 5 if absent",
                JSON.objectNode().put("type", "number").put("minimum", 0).put("maximum", Parameters.MAX_TIMEOUT));
    }

    private static void answer(ObjectNode operation, int status, ObjectNode schema, ObjectNode example) {
        operation
                .withObject("/responses")
                .putObject(Integer.toString(status))
                .put("description", "found")
                .<ObjectNode>set("headers", servedBy())
                .putObject("content")
                .putObject("application/json")
                .<ObjectNode>set("schema", schema)
                .set("example", example);
    }

    private static ObjectNode servedBy() {
        ObjectNode headers = JSON.objectNode();
        headers.putObject(Router.SERVED_BY)
                .put(
                        "description",
                        "standby, where the owner of the data does not answer: this may be older than what it had")
                .set("schema", string());
        return headers;
    }

    private static void problems(ObjectNode operation, int... statuses) {
        for (int status : statuses) {
            operation
                    .withObject("/responses")
                    .putObject(Integer.toString(status))
                    .put("description", meaning(status))
                    .putObject("content")
                    .putObject("application/problem+json")
                    .set("schema", reference("Problem"));
        }
    }

    private static String meaning(int status) {
        return switch (status) {
            case 400 -> "a parameter is unknown or wrong";
            case 406 -> "Accept takes no form that there is";
            case 404 -> "there is no such thing";
            case 410 ->
                "live: the position is of rows that were replaced (view-replaced); begin anew, for instance with"
                        + " from=first. Of a state: an event was erased without which there is none (event-erased), or its"
                        + " events have expired (events-expired)";
            case 421 -> "the host is no name of this service that annals.http.host.names lists";
            case 429 -> "you have asked for more than you may; come again after Retry-After";
            case 502 ->
                "another instance's answer is larger than what is read of one (answer-too-large); ask for less, with"
                        + " limit";
            case 503 ->
                "partitions are moving or catching up, or the first rows are being built (view-building); try again"
                        + " after Retry-After";
            case 504 ->
                "the version was not reached in time; the problem says which was, and, of a view that has stopped"
                        + " (view-stopped), where, why and since when";
            default -> throw new IllegalArgumentException("no meaning for status " + status);
        };
    }

    private static String describe(Filter filter, Schema row) {
        ScalarOrder<?> order = ScalarOrder.of(row, filter.field());
        String range = order == null
                ? "takes no range"
                : "or in a range, from..to of %s, both included, either may be left out".formatted(order.values());
        boolean isList = row.getField(filter.field()).schema().getType() == Schema.Type.ARRAY;
        return "rows whose %s %s this; %s%s"
                .formatted(
                        filter.field(),
                        isList ? "have" : "is",
                        range,
                        filter.leadsKey() ? "" : "; a scan, so pages may be short");
    }

    private static ObjectNode reference(String schema) {
        return JSON.objectNode().put("$ref", "#/components/schemas/" + schema);
    }

    private static ObjectNode page(String items) {
        ObjectNode page = JSON.objectNode().put("type", "object");
        ObjectNode properties = page.putObject("properties");
        properties.putObject("items").put("type", "array").set("items", reference(items));
        properties.putObject("nextCursor").putArray("type").add("string").add("null");
        required(page, "items", "nextCursor");
        return page;
    }

    private static ObjectNode pageOf(ObjectNode item) {
        ObjectNode page = JSON.objectNode();
        page.putArray("items").add(item);
        return page.putNull("nextCursor");
    }

    private static ObjectNode string() {
        return JSON.objectNode().put("type", "string");
    }

    private static ObjectNode integer(long minimum, long maximum) {
        return JSON.objectNode().put("type", "integer").put("minimum", minimum).put("maximum", maximum);
    }

    private static ObjectNode limit(int otherwise) {
        return integer(1, Parameters.MAX_LIMIT).put("default", otherwise);
    }

    private static ObjectNode state(Schema schema) {
        ObjectNode json = JSON.objectNode().put("type", "object");
        ObjectNode properties = json.putObject("properties");
        properties.set("id", string());
        properties.set("version", integer(1, EventKey.MAX_VERSION));
        properties.set("state", JsonSchemas.output(schema));
        required(json, "id", "version", "state");
        return json;
    }

    private static ObjectNode exampleEvent(EventTable type) {
        Schema first = type.eventSchemas().stream()
                .min(Comparator.comparing(Schema::getName))
                .orElseThrow();
        ObjectNode event = JSON.objectNode()
                .put("version", 1)
                .put("type", first.getFullName())
                .put("time", "2011-01-04T10:00:00Z")
                .put("id", "%s/%s/1".formatted(type.name(), EXAMPLE_ID));
        event.set("data", JsonSchemas.example(first));
        event.putObject("headers").put("ce_subject", EXAMPLE_ID);
        return event;
    }

    private static void required(ObjectNode schema, String... members) {
        List.of(members).forEach(schema.putArray("required")::add);
    }
}
