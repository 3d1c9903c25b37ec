package dev.annals.query.live;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Why a live answer ended. */
enum LiveEnd {
    CLIENT_GONE,
    /** The client took nothing for the server's idle timeout. */
    SLOW,
    /** The partition, or the instance that has it, went away; the client comes back. */
    MOVED,
    /** The topic is no longer the one that the positions are of. */
    TOPIC_REPLACED,
    /** The rows were built anew, and others answer now. */
    VIEW_REPLACED,
    /** The reader's token; the client comes back with another one. */
    TOKEN_EXPIRED,
    /** What is read is not the reader's own any more. */
    NOT_VISIBLE,
    STOPPING,
    FAILED;

    /** For metrics, logs and clients. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What a failed write tells: a connection that was idle for too long ends with a timeout. */
    static LiveEnd of(IOException write) {
        for (@Nullable Throwable cause = write; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return SLOW;
            }
        }
        return CLIENT_GONE;
    }
}
