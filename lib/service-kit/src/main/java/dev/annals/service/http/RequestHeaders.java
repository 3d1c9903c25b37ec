package dev.annals.service.http;

import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The headers of a request, by names in any case. */
@FunctionalInterface
public interface RequestHeaders {

    /** All values of a header, in order; none where it is not there. */
    List<String> all(String name);

    /** The first value of a header. */
    default @Nullable String first(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    static RequestHeaders of(Context ctx) {
        return name -> Collections.list(ctx.req().getHeaders(name));
    }
}
