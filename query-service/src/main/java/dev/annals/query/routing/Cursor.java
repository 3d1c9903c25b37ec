package dev.annals.query.routing;

import dev.annals.service.http.Requests;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a page ended: the last key that was looked at. Stateless, so it holds while rows change, on any instance. Text
 * for clients to hand back, with a first byte that says how to read the rest.
 */
public final class Cursor {

    private static final byte FORMAT = 1;

    private Cursor() {}

    public static String after(byte[] key) {
        byte[] bytes = new byte[key.length + 1];
        bytes[0] = FORMAT;
        System.arraycopy(key, 0, bytes, 1, key.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The key; null for no cursor. */
    public static byte @Nullable [] read(@Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length > 1 && bytes[0] == FORMAT) {
                return Arrays.copyOfRange(bytes, 1, bytes.length);
            }
        } catch (IllegalArgumentException e) {
            // refused below, together with other formats
        }
        throw Requests.invalid(Parameters.CURSOR, "the nextCursor of an earlier page", "'" + cursor + "'");
    }
}
