package dev.annals.service.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;

/**
 * A request without {@code X-HTTP-Method-Override}, by which Javalin takes it for one of another method: a proxy that
 * lets only {@code GET} through would let a {@code DELETE} through.
 */
final class OwnMethod extends Request.Wrapper {

    private static final String OVERRIDE = "X-HTTP-Method-Override";

    private final HttpFields headers;

    OwnMethod(Request request) {
        super(request);
        HttpFields all = request.getHeaders();
        this.headers =
                all.contains(OVERRIDE) ? HttpFields.build(all).remove(OVERRIDE).asImmutable() : all;
    }

    @Override
    public HttpFields getHeaders() {
        return headers;
    }
}
