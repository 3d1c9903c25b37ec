package dev.annals.service.http;

import dev.annals.service.access.Caller;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * A route of the service that is asked for so often that its plain requests are answered on Jetty's core handlers,
 * before servlets and Javalin see them ({@link CoreHandler} says which are plain). All others are answered by the route
 * of this method and template in Javalin, so there has to be one, and both must give the same answers.
 *
 * @param template as Javalin has it: {@code /v1/{view}/{key}}; a segment in braces is any, and no other is known
 * @param access as that route has it
 * @param serves whether what stands in the places of the braces makes the path one of this route, where Javalin has
 *     another one for some
 */
public record CoreRoute(
        String method, String template, RouteAccess access, Predicate<List<String>> serves, Handler handler) {

    /** Of every path that the template has. */
    public CoreRoute(String method, String template, RouteAccess access, Handler handler) {
        this(method, template, access, parameters -> true, handler);
    }

    /** Answers plain requests. Thread-safe. */
    @FunctionalInterface
    public interface Handler {

        /**
         * Called on a thread of the server, which it must not hold.
         *
         * @return null where Javalin's route has to answer; else fails as that does, with a {@link ProblemException}
         *     for what is refused
         * @throws ProblemException likewise
         */
        @Nullable
        CompletionStage<Response> answer(Request request);
    }

    /**
     * @param parameters what stands in the places of the template's braces, in order
     * @param body empty if there is none
     * @param caller who asks, and may
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    public record Request(String path, List<String> parameters, HttpFields fields, byte[] body, Caller caller)
            implements RequestHeaders {

        /** What Javalin compresses at the least, in bytes. */
        private static final int COMPRESSED_FROM = 1_500;

        /** Whether Javalin's route would compress this answer, and nobody here does. */
        public boolean wantsCompressed(Response answer) {
            return answer.body().length >= COMPRESSED_FROM && fields.contains(HttpHeader.ACCEPT_ENCODING);
        }

        @Override
        public List<String> all(String name) {
            return fields.getValuesList(name);
        }

        @Override
        public @Nullable String first(String name) {
            return fields.get(name);
        }
    }
}
