package dev.annals.query.live;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A bulkhead for each client: how many live answers one principal has, or one address without a token, so that none
 * takes the places of all. Thread-safe.
 */
public final class ReadersByClient {

    private final int most;
    private final ConcurrentMap<String, Integer> now = new ConcurrentHashMap<>();

    /** @param most 0 for any number */
    public ReadersByClient(int most) {
        this.most = most;
    }

    /** Takes a place, unless the client has as many as it may: whoever enters leaves. */
    boolean enter(String client) {
        if (most == 0) {
            return true;
        }
        boolean[] entered = {false};
        now.compute(client, (same, had) -> {
            int readers = had == null ? 0 : had;
            entered[0] = readers < most;
            return entered[0] ? Integer.valueOf(readers + 1) : had;
        });
        return entered[0];
    }

    void leave(String client) {
        now.computeIfPresent(client, (same, had) -> had == 1 ? null : had - 1);
    }

    int clients() {
        return now.size();
    }
}
