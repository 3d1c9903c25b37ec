package dev.annals.query.processes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.reacting.InstanceSnapshot.Status;
import dev.annals.query.events.JournalTable;
import dev.annals.query.routing.Cursor;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.Parameters;
import dev.annals.query.routing.Peers;
import dev.annals.query.rows.PageQuery;
import dev.annals.service.http.Requests;
import dev.annals.service.http.Response;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lists of processes and of their instances. */
public final class Processes {

    public static final String STATUS = "status";

    private Processes() {}

    /** {@code GET /v1/processes}: every process, with what it joins. */
    public static void answerList(Context ctx, Collection<JournalTable> journals) {
        Parameters.allowOnly(ctx, List.of());
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ArrayNode items = page.putArray("items");
        for (JournalTable each : journals) {
            ObjectNode item = items.addObject().put("name", each.name());
            each.process().followedTypes().forEach(item.putArray("follows")::add);
            each.process().commandedTypes().forEach(item.putArray("sendsTo")::add);
        }
        page.putNull("nextCursor");
        Response.json(json -> json.writeTree(page)).send(ctx);
    }

    /** {@code GET /v1/processes/{process}}: a page of instances. */
    public static PageQuery page(Context ctx, Peers peers, JournalTable journals) {
        Parameters.allowOnly(ctx, List.of(Parameters.LIMIT, Parameters.CURSOR, STATUS));
        int limit = Parameters.limit(ctx, Parameters.DEFAULT_LIMIT);
        byte[] after = Cursor.read(ctx.queryParam(Parameters.CURSOR));
        Status status = status(ctx.queryParam(STATUS));
        ForwardedRequest request = ForwardedRequest.of(ctx);
        return new PageQuery(peers, limit, () -> new InstanceScan(journals, limit, after, status, request));
    }

    private static @Nullable Status status(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Status.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw Requests.invalid(STATUS, "one of " + statuses(), "'" + text + "'");
        }
    }

    /** For people. */
    public static String statuses() {
        return Arrays.stream(Status.values())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
