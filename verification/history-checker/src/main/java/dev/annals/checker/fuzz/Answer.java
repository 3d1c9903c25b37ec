package dev.annals.checker.fuzz;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One answer.
 *
 * @param headers by their names in lower case; of several of one name the last
 * @param body what was read of it
 * @param live whether it goes on for ever, so that only its beginning was read
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Answer(int status, Map<String, String> headers, byte[] body, boolean live) {

    @Nullable
    String header(String lowerCase) {
        return headers.get(lowerCase);
    }

    boolean closes() {
        return live || "close".equalsIgnoreCase(headers.get("connection"));
    }
}
