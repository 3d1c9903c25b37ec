package dev.annals.service.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ends a request with a {@link Problem}. It is an answer and no failure of ours, so it has no stack trace. */
public final class ProblemException extends RuntimeException {

    @SuppressWarnings("serial") // exceptions of a request never leave the process
    private final Problem problem;

    @SuppressWarnings("serial") // as above
    private final Map<String, String> headers;

    public ProblemException(Problem problem) {
        this(problem, Map.of());
    }

    /** As {@link Problem#of}, to be thrown from a handler. */
    public static ProblemException of(int status, String code, @Nullable String detail) {
        return new ProblemException(Problem.of(status, code, detail));
    }

    private ProblemException(Problem problem, Map<String, String> headers) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.headers = Map.copyOf(headers);
    }

    public Problem problem() {
        return problem;
    }

    /** Response headers that belong to the problem, such as {@code Retry-After}. */
    public Map<String, String> headers() {
        return headers;
    }

    /** This one, whose problem has one more member. */
    public ProblemException with(String member, Object value) {
        return new ProblemException(problem.with(member, value), headers);
    }

    public ProblemException withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ProblemException(problem, more);
    }
}
