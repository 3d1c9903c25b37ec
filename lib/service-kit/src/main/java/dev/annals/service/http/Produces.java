package dev.annals.service.http;

import io.javalin.router.EndpointMetadata;
import java.util.List;

/**
 * Metadata of an endpoint that answers with other media types than JSON, or with others besides.
 *
 * @param mediaTypes all of them, in lower case
 */
public record Produces(List<String> mediaTypes) implements EndpointMetadata {

    static final Produces JSON = new Produces(List.of("application/json", Problem.MEDIA_TYPE));

    /** JSON, or events for as long as the client reads. */
    public static final Produces JSON_OR_EVENTS = new Produces(List.of("application/json", "text/event-stream"));

    public Produces {
        mediaTypes = List.copyOf(mediaTypes);
    }
}
