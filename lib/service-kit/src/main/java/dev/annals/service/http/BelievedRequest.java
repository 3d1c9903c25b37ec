package dev.annals.service.http;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;

/**
 * A request without the headers that nobody is believed who sends it. {@code X-HTTP-Method-Override} never: by it
 * Javalin takes a request for one of another method, and a proxy that lets only {@code GET} through would let a
 * {@code DELETE} through. {@code X-Annals-*} only from other instances.
 */
final class BelievedRequest extends Request.Wrapper {

    private static final String METHOD_OVERRIDE = "x-http-method-override";
    private static final String BETWEEN_INSTANCES = "x-annals-";

    private final HttpFields headers;

    BelievedRequest(Request request, boolean ofInstance) {
        super(request);
        headers = believed(request.getHeaders(), ofInstance);
    }

    /** Copied only where something is taken out: every request comes here. */
    private static HttpFields believed(HttpFields all, boolean ofInstance) {
        HttpFields.Mutable kept = null;
        for (HttpField each : all) {
            String name = each.getLowerCaseName();
            if (name.equals(METHOD_OVERRIDE) || (!ofInstance && name.startsWith(BETWEEN_INSTANCES))) {
                kept = kept == null ? HttpFields.build(all) : kept;
                kept.remove(each.getName());
            }
        }
        return kept == null ? all : kept.asImmutable();
    }

    @Override
    public HttpFields getHeaders() {
        return headers;
    }
}
