package dev.annals.service.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 has it ({@code application/problem+json}).
 *
 * @param type {@code urn:annals:problem:<code>}
 * @param title the code in words
 * @param status the HTTP status
 * @param detail what went wrong this time, and what to do about it
 * @param code for machines, in kebab case; part of the published contract
 * @param extensions further members, beside the others in JSON
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail", "code"})
public record Problem(
        String type,
        String title,
        int status,
        @Nullable String detail,
        String code,
        @JsonAnyGetter Map<String, Object> extensions) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        extensions = Map.copyOf(extensions);
    }

    public static Problem of(int status, String code, @Nullable String detail) {
        return new Problem("urn:annals:problem:" + code, titleOf(code), status, detail, code, Map.of());
    }

    public Problem with(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(extensions);
        more.put(member, value);
        return new Problem(type, title, status, detail, code, more);
    }

    private static String titleOf(String code) {
        String words = code.replace('-', ' ');
        return words.isEmpty() ? "Problem" : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
