package dev.annals.query.routing;

import dev.annals.service.http.Response;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page in memory, with a budget of bytes beside the limit of its items: it takes what fits, and the first item
 * always. For one thread.
 */
public final class Page {

    /** Of the JSON of its items. */
    public static final int MAX_BYTES = 4 * 1024 * 1024;

    private final List<byte[]> items = new ArrayList<>();
    private int bytes;

    /**
     * Takes an item's JSON; several are taken together or not at all.
     *
     * @return false if it does not fit: the page ends before it
     */
    public boolean add(List<byte[]> json) {
        int more = json.stream().mapToInt(each -> each.length).sum();
        if (!items.isEmpty() && bytes + more > MAX_BYTES) {
            return false;
        }
        items.addAll(json);
        bytes += more;
        return true;
    }

    /**
     * {@code {"items":[…],"nextCursor":…}}
     *
     * @param cursor the name of the member that says where to go on
     * @param after the key up to which nothing is left out; null where nothing is left at all
     */
    public Response toJson(String cursor, byte @Nullable [] after) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(bytes + items.size() + 128);
        json.writeBytes(utf8("{\"items\":["));
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                json.write(',');
            }
            json.writeBytes(items.get(i));
        }
        String next = after == null ? "null" : '"' + Cursor.after(after) + '"'; // of letters that need no escape
        json.writeBytes(utf8("],\"%s\":%s}".formatted(cursor, next)));
        return new Response(200, "application/json", Map.of(), json.toByteArray());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
