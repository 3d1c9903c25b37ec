package dev.annals.service.access;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, as a verified token says it.
 *
 * @param claims of the token, as JSON has them: texts, numbers, flags, lists and maps
 * @param expires from when on the token counts no more, with what clocks may differ by
 */
public record Principal(String issuer, String subject, Instant expires, Map<String, Object> claims) {

    private static final String CLIENT_ID = "client_id";

    public Principal {
        claims = Map.copyOf(claims);
    }

    /** One name for one principal: subjects are unique within their issuer alone. */
    public String id() {
        return issuer + "|" + subject;
    }

    /**
     * The kind, as the CloudEvents extension {@code authcontext} has it: a client that asks for itself is the subject
     * of its own tokens (RFC 9068, 2.2).
     */
    public String type() {
        return subject.equals(claims.get(CLIENT_ID)) ? "service_account" : "app_user";
    }

    /**
     * A claim that is a list, or one text with spaces between (as {@code scope} is); empty for any other.
     *
     * @param path the claim's name, or names of nested ones with dots between
     */
    Set<String> list(String path) {
        Set<String> list = new LinkedHashSet<>();
        switch (claim(path)) {
            case String text -> list.addAll(List.of(text.strip().split("\\s+", -1)));
            case Collection<?> all -> all.forEach(each -> list.add(String.valueOf(each)));
            case null, default -> {
                // a claim of another kind names nobody
            }
        }
        return list;
    }

    /** A claim that is a text, a number or a flag, as JSON has it without quotes; null for any other. */
    @Nullable
    String text(String path) {
        Object value = claim(path);
        return value instanceof String || value instanceof Number || value instanceof Boolean ? value.toString() : null;
    }

    /** Names of claims may have dots themselves: the whole name goes first. */
    private @Nullable Object claim(String path) {
        Object whole = claims.get(path);
        return whole != null ? whole : nested(claims, path);
    }

    private static @Nullable Object nested(Map<?, ?> claims, String path) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            return claims.get(path);
        }
        return claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner
                ? nested(inner, path.substring(dot + 1))
                : null;
    }

    @Override
    public String toString() {
        return id(); // claims are personal
    }
}
