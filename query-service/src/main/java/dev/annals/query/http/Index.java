package dev.annals.query.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.query.routing.Response;
import dev.annals.query.views.ServedView;
import java.util.Collection;

/** {@code GET /}: what there is to ask for. */
final class Index {

    private Index() {}

    static Response of(Collection<ServedView> views, Collection<String> types) {
        ObjectNode index = JsonNodeFactory.instance.objectNode().put("service", "annals-query");
        index.put("openapi", "/openapi.json").put("status", "/v1/views");
        ArrayNode rows = index.putArray("views");
        for (ServedView view : views) {
            ObjectNode item = rows.addObject().put("name", view.name()).put("list", "/v1/" + view.name());
            item.put("row", "/v1/" + view.name() + "/{key}");
            ArrayNode filters = item.putArray("filters");
            view.filters().forEach(filter -> filters.add(filter.parameter()));
        }
        ArrayNode streams = index.putArray("aggregateTypes");
        types.forEach(type -> streams.addObject()
                .put("name", type)
                .put("events", "/v1/" + type + "/{id}/events")
                .put("state", "/v1/" + type + "/{id}/state"));
        return Response.json(json -> json.writeTree(index));
    }
}
