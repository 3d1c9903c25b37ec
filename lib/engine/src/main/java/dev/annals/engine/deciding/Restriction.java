package dev.annals.engine.deciding;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Row-level security for a command: whoever sends it may send it to their own alone, so a field must have this value.
 * As a header {@code field=value}, percent-encoded, with {@code &} between several, of which one must hold.
 *
 * @param field of the aggregate's state, or its {@code id}
 * @param value as JSON has it, without quotes
 */
public record Restriction(String field, String value) {

    private static final String EQUALS = "=";
    private static final String OR = "&";

    static List<Restriction> read(String header) {
        List<Restriction> all = new ArrayList<>();
        for (String each : header.split(OR, -1)) {
            String[] parts = each.split(EQUALS, -1);
            if (parts.length != 2 || parts[0].isEmpty()) {
                throw new IllegalArgumentException("'%s' is no field=value".formatted(each));
            }
            all.add(new Restriction(decoded(parts[0]), decoded(parts[1])));
        }
        return all;
    }

    /** The header for several, of which one must hold. */
    public static String write(Collection<Restriction> any) {
        return any.stream()
                .map(each -> encoded(each.field) + EQUALS + encoded(each.value))
                .collect(Collectors.joining(OR));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
