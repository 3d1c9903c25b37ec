package dev.annals.checker.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.service.http.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What every answer has to be, whatever was asked. */
final class AnswerRules {

    private static final String PROBLEM = "application/problem+json";
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;
    private static final int LATE = 504;
    private static final int REFUSED = 400;

    /** Of what is no HTTP/1.1: encodings and versions that nobody has. */
    private static final Set<Integer> OF_BROKEN = Set.of(501, 505);

    private AnswerRules() {}

    /** @return what is wrong with it, or null */
    static @Nullable String fault(HttpInput input, Answer answer) {
        int status = answer.status();
        boolean broken = input.manner() != HttpInput.Manner.REQUEST;
        if (status >= SERVER_ERROR) {
            boolean meant = status == UNAVAILABLE
                    || (status == LATE && input.waits())
                    || (broken && OF_BROKEN.contains(status));
            if (!meant) {
                return "status " + status;
            }
            if (status == UNAVAILABLE && answer.header("retry-after") == null && !isReadiness(answer)) {
                return "503 without Retry-After";
            }
        }
        if (status < REFUSED || answer.live() || input.head() || isToAnInstance(input)) {
            return null;
        }
        return isReadiness(answer) ? null : problemFault(answer);
    }

    /** Without a port for instances every client is believed to be one, and told as they are. */
    private static boolean isToAnInstance(HttpInput input) {
        return new String(input.bytes(), StandardCharsets.ISO_8859_1).contains("X-Annals-Hop");
    }

    private static boolean isReadiness(Answer answer) {
        return answer.status() == UNAVAILABLE
                && String.valueOf(answer.header("content-type")).startsWith("application/json");
    }

    private static byte[] decoded(Answer answer) throws IOException {
        if (!"gzip".equals(answer.header("content-encoding"))) {
            return answer.body();
        }
        try (InputStream decoded = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            return decoded.readAllBytes();
        }
    }

    private static @Nullable String problemFault(Answer answer) {
        String type = String.valueOf(answer.header("content-type"));
        if (!type.startsWith(PROBLEM)) {
            return "a %d as %s".formatted(answer.status(), type);
        }
        try {
            JsonNode problem = Json.mapper().readTree(decoded(answer));
            return problem.path("status").asInt() == answer.status()
                            && problem.path("code").isTextual()
                    ? null
                    : "a %d with another status, or without a code".formatted(answer.status());
        } catch (IOException e) {
            return "a %d with what is no JSON".formatted(answer.status());
        }
    }
}
