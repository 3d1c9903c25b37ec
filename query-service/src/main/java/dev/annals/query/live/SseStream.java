package dev.annals.query.live;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.service.http.Accept;
import dev.annals.service.http.Json;
import dev.annals.service.http.Response;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer that goes on: server-sent events, as the <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML standard</a> has them. It begins with what
 * is sent first; until then the request can still end in a problem. Sending blocks until the client has taken it. One
 * thread.
 */
public final class SseStream {

    public static final String MEDIA_TYPE = "text/event-stream";

    /** How long a browser waits before it comes back. */
    private static final int RETRY_MILLIS = 1_000;

    private static final byte[] COMMENT = utf8(":\n\n");

    private final Context ctx;
    private @Nullable OutputStream out;
    private boolean passing;
    private boolean betweenEvents = true;

    SseStream(Context ctx) {
        this.ctx = ctx;
    }

    /** By its name, and not less than JSON. */
    public static boolean isAskedFor(Context ctx) {
        Accept accept = Accept.of(ctx);
        return accept.names(MEDIA_TYPE) && accept.weight(MEDIA_TYPE) >= accept.weight("application/json");
    }

    /** Events in memory, to be sent together: few enough that many slow readers find room. */
    static final class Batch {

        /** Of text, but for the last event, which is whole. */
        static final int FULL_BYTES = 256 * 1024;

        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private int events;

        /**
         * Without a name of its own each event is a browser's {@code message}: one listener gets all of them. Of
         * several items under one id only the last has it: who comes back after a break in between gets all of them
         * again.
         */
        void event(String id, List<Response.Body> items) throws IOException {
            for (int i = 0; i < items.size(); i++) {
                if (i == items.size() - 1) {
                    position(id);
                }
                data(items.get(i));
            }
            events++;
        }

        private void data(Response.Body data) throws IOException {
            text.writeBytes(utf8("data: "));
            try (JsonGenerator json = Json.mapper().getFactory().createGenerator(text)) { // on one line
                data.write(json);
            }
            text.writeBytes(utf8("\n\n"));
        }

        /** An id alone: where the client stands, without an event that it would see. */
        private void position(String id) {
            text.writeBytes(utf8("id: " + id + "\n"));
        }

        /** Whether it is to be sent before there is another event. */
        boolean isFull() {
            return text.size() >= FULL_BYTES;
        }

        int events() {
            return events;
        }

        @Override
        public String toString() {
            return text.toString(StandardCharsets.UTF_8);
        }
    }

    boolean hasBegun() {
        return out != null;
    }

    void send(Batch batch) throws IOException {
        batch.text.writeTo(begun());
        ctx.res().flushBuffer();
    }

    /** Tells the client where it stands before there is an event, so that it misses none if it must come back. */
    void sendPosition(String id) throws IOException {
        Batch batch = new Batch();
        batch.position(id);
        batch.text.writeBytes(utf8("\n"));
        send(batch);
    }

    /** A comment, which clients pass over. It keeps proxies from closing, and shows that a client has gone. */
    void heartbeat() throws IOException {
        write(COMMENT, COMMENT.length);
    }

    /** Passes on what another instance sends, which may end in the middle of an event. */
    void pass(byte[] text, int length) throws IOException {
        passing = true;
        betweenEvents = false; // also where writing this fails
        write(text, length);
        betweenEvents = length > 1 && text[length - 2] == '\n' && text[length - 1] == '\n';
    }

    /**
     * The last event, named {@code end}, where it can be told why the answer ends, and another instance has not told
     * already.
     */
    void end(LiveEnd reason) throws IOException {
        boolean untold = !passing || reason == LiveEnd.STOPPING;
        if (out != null && untold && betweenEvents) {
            byte[] text = utf8("event: end\ndata: {\"reason\":\"%s\"}\n\n".formatted(reason.code()));
            write(text, text.length);
        }
    }

    private void write(byte[] text, int length) throws IOException {
        begun().write(text, 0, length);
        ctx.res().flushBuffer();
    }

    private OutputStream begun() throws IOException {
        OutputStream to = out;
        if (to == null) {
            ctx.status(200).contentType(MEDIA_TYPE).header("Cache-Control", "no-store");
            to = ctx.res().getOutputStream(); // not Javalin's, which compresses
            out = to;
            to.write(utf8("retry: " + RETRY_MILLIS + "\n\n"));
        }
        return to;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
