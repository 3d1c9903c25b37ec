package dev.annals.service.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Least data rates, against clients that send a byte now and then to hold what they have taken (slowloris, slow read):
 * a body has to be here, and each write of an answer to be taken, within the time that its bytes need at that rate and
 * a while more. The idle timeout alone starts anew with every byte.
 *
 * <p>A body that is late is answered with 408; of an answer that is not taken the connection is closed. A live answer
 * that has nothing to say writes nothing, and is not meant. What comes or is taken at once needs no timer.
 *
 * <p>Jetty's own ({@code MinimumDataRateHandler}) counts an answer's bytes since its first, so it would cut off every
 * quiet live answer, and asks for the rate from the first byte on.
 */
final class DataRates extends Handler.Wrapper {

    /** For what a network takes to begin, or to recover. */
    static final Duration GRACE = Duration.ofSeconds(5);

    private final int bytesPerSecond;
    private final Duration grace;

    DataRates(int bytesPerSecond, Duration grace) {
        this.bytesPerSecond = bytesPerSecond;
        this.grace = grace;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Request timed = BodyBudget.hasBody(request) ? new TimedRequest(request) : request;
        return super.handle(timed, new TimedResponse(timed, response), callback);
    }

    private Scheduler.Task after(Request request, long bytes, Runnable what) {
        long millis = grace.toMillis() + bytes * 1_000 / bytesPerSecond;
        return request.getComponents().getScheduler().schedule(what, millis, TimeUnit.MILLISECONDS);
    }

    private final class TimedRequest extends Request.Wrapper {

        private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();
        private boolean isTimed;
        private volatile Content.@Nullable Chunk late;

        TimedRequest(Request request) {
            super(request);
        }

        @Override
        public void demand(Runnable whenThere) {
            if (!isTimed) {
                isTimed = true;
                long announced = getLength() < 0 ? HttpServer.MAX_BODY_BYTES : getLength();
                Scheduler.Task end = after(this, announced, this::cutOff);
                Request.addCompletionListener(this, failure -> end.cancel());
            }
            waiting.set(whenThere);
            if (late == null) {
                super.demand(this::wake);
            } else {
                wake();
            }
        }

        private void cutOff() {
            late = Content.Chunk.from(new HttpException.RuntimeException(
                    HttpStatus.REQUEST_TIMEOUT_408,
                    "the body came more slowly than %d bytes a second".formatted(bytesPerSecond)));
            getComponents().getExecutor().execute(this::wake); // the timer's thread is for all
        }

        private void wake() {
            Runnable once = waiting.getAndSet(null);
            if (once != null) {
                once.run();
            }
        }

        @Override
        public Content.@Nullable Chunk read() {
            Content.Chunk failure = late;
            return failure == null ? super.read() : failure;
        }
    }

    private final class TimedResponse extends Response.Wrapper {

        TimedResponse(Request request, Response response) {
            super(request, response);
        }

        @Override
        public void write(boolean last, @Nullable ByteBuffer bytes, Callback callback) {
            TimedWrite write = new TimedWrite(callback, getRequest(), BufferUtil.length(bytes));
            super.write(last, bytes, write);
            write.watch();
        }
    }

    private final class TimedWrite extends Callback.Nested {

        private final Request request;
        private final int bytes;
        private boolean isDone;
        private Scheduler.@Nullable Task end;

        TimedWrite(Callback callback, Request request, int bytes) {
            super(callback);
            this.request = request;
            this.bytes = bytes;
        }

        /** Where it was not taken at once. */
        synchronized void watch() {
            if (!isDone) {
                end = after(request, bytes, this::cutOff);
            }
        }

        private void cutOff() {
            request.getConnectionMetaData()
                    .getConnection()
                    .getEndPoint()
                    .close(new TimeoutException(
                            "the answer was taken more slowly than %d bytes a second".formatted(bytesPerSecond)));
        }

        private synchronized void done() {
            isDone = true;
            if (end != null) {
                end.cancel();
            }
        }

        @Override
        public void succeeded() {
            done();
            super.succeeded();
        }

        @Override
        public void failed(Throwable failure) {
            done();
            super.failed(failure);
        }
    }
}
