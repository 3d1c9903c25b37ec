package dev.annals.service.http;

import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Admission control by bytes: the bodies of all requests in work are bounded together, by the lengths that they
 * announce. A body of unknown length counts as the largest that is taken; one that is larger is refused unread, so it
 * counts nothing. What finds no room is a 503 at once.
 */
final class BodyBudget extends Handler.Wrapper {

    private static final String RETRY_AFTER_SECONDS = "1";

    private final Semaphore free;

    /** @param bytes of all bodies together */
    BodyBudget(int bytes) {
        free = new Semaphore(bytes);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        int bytes = bytes(request);
        if (bytes == 0) {
            return super.handle(request, response, callback);
        }
        if (!free.tryAcquire(bytes)) {
            refuse(response, callback);
            return true;
        }
        Request.addCompletionListener(request, failure -> free.release(bytes));
        return super.handle(request, response, callback);
    }

    /** Also where it is of unknown length. */
    static boolean hasBody(Request request) {
        return request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }

    private static int bytes(Request request) {
        if (request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            return (int) HttpServer.MAX_BODY_BYTES;
        }
        long announced = request.getLength();
        return announced > HttpServer.MAX_BODY_BYTES ? 0 : (int) Math.max(announced, 0);
    }

    private static void refuse(Response response, Callback callback) {
        Problem problem = Problem.of(
                HttpStatus.SERVICE_UNAVAILABLE_503,
                "unavailable",
                "the bodies of the requests in work have as many bytes as there is room for; try again");
        response.setStatus(problem.status());
        response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_AFTER_SECONDS);
        response.getHeaders().put(HttpHeader.CONNECTION, "close"); // what is left of the body may not be waited for
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.write(true, ByteBuffer.wrap(Problems.json(problem)), callback);
    }
}
