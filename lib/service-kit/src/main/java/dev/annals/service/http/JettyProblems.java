package dev.annals.service.http;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.List;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Makes a problem of what Jetty refuses before a handler sees it, such as a malformed URI or headers that are too
 * large; and of what it cuts off when the server stops. What became of such a request nobody knows, so that is a 503
 * and not a 500.
 */
final class JettyProblems extends ErrorHandler {

    private static final String RETRY_AFTER_SECONDS = "1";

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            String message,
            @Nullable Throwable cause,
            Callback callback) {
        boolean isClientsFault = cause instanceof HttpException;
        Problem problem =
                cause instanceof EofException && !isClientsFault ? cutOff(response) : Problems.ofStatus(code, message);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.write(true, ByteBuffer.wrap(Problems.json(problem)), callback);
    }

    /**
     * Jetty makes pages for {@code GET}, {@code POST} and {@code HEAD} alone, and answers other methods with nothing.
     */
    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    private static Problem cutOff(Response response) {
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
        response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_AFTER_SECONDS);
        return Problem.of(503, "unavailable", "the server stopped before the request was answered; try again");
    }

    @Override
    protected boolean generateAcceptableResponse(
            Request request,
            Response response,
            Callback callback,
            String contentType,
            List<Charset> charsets,
            int code,
            String message,
            @Nullable Throwable cause) {
        generateResponse(request, response, code, message, cause, callback);
        return true;
    }
}
