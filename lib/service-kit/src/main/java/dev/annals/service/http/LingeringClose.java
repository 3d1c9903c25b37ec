package dev.annals.service.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Lingering close: what is left of a body whose request was answered early, such as with a refusal, is read and thrown
 * away before the connection may be closed. What comes to a connection that is closed is answered with a reset, and
 * that takes with it an answer that the client has not read yet: it would see a broken connection, and no reason.
 */
final class LingeringClose extends Handler.Wrapper {

    /** Of one body; who sends more behind an answer does not listen. */
    static final long MAX_BYTES = 8 * HttpServer.MAX_BODY_BYTES;

    /** Of one body's wait. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!isSent(request)) {
            return super.handle(request, response, callback);
        }
        Lingering lingering = new Lingering(request);
        return super.handle(
                lingering,
                response,
                Callback.from(callback.getInvocationType(), () -> lingering.drain(callback), callback::failed));
    }

    /** Who expects to be told to go on sends nothing once it was answered otherwise. */
    private static boolean isSent(Request request) {
        return BodyBudget.hasBody(request) && !request.getHeaders().contains(HttpHeader.EXPECT);
    }

    private static final class Lingering extends Request.Wrapper {

        private long bytes;
        private boolean isOver;
        private Scheduler.@Nullable Task end;

        Lingering(Request request) {
            super(request);
        }

        /** Jetty's own gives up what has not come yet, which can't be read afterwards then. */
        @Override
        public boolean consumeAvailable() {
            while (!isOver && bytes <= MAX_BYTES) {
                Content.Chunk chunk = read();
                if (chunk == null) {
                    return false;
                }
                bytes += chunk.remaining();
                isOver = chunk.isLast() || Content.Chunk.isFailure(chunk);
                chunk.release();
            }
            return isOver;
        }

        void drain(Callback callback) {
            if (!consumeAvailable() && bytes <= MAX_BYTES) {
                if (end == null) {
                    end = getComponents().getScheduler().schedule(this::close, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                }
                demand(() -> drain(callback));
                return;
            }
            if (end != null) {
                end.cancel();
            }
            callback.succeeded();
        }

        private void close() {
            getConnectionMetaData()
                    .getConnection()
                    .getEndPoint()
                    .close(new TimeoutException("the body of a request that was answered did not come to its end"));
        }
    }
}
