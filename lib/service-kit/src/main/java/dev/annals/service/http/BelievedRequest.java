package dev.annals.service.http;

import java.util.List;
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
        HttpFields all = request.getHeaders();
        List<String> dropped = all.stream()
                .map(HttpField::getLowerCaseName)
                .filter(name -> name.equals(METHOD_OVERRIDE) || (!ofInstance && name.startsWith(BETWEEN_INSTANCES)))
                .toList();
        HttpFields.Mutable kept = HttpFields.build(all);
        dropped.forEach(kept::remove);
        headers = dropped.isEmpty() ? all : kept.asImmutable();
    }

    @Override
    public HttpFields getHeaders() {
        return headers;
    }
}
