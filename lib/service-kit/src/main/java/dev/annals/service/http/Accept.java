package dev.annals.service.http;

import io.javalin.http.Context;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which media types a client takes, by its {@code Accept} header (RFC 9110, 12.5.1): of the ranges that a type is in,
 * the most specific says with which weight. Parameters other than the weight are passed over. Without the header it
 * takes everything.
 */
public final class Accept {

    private static final String ANYTHING = "*/*";

    private final Map<String, Double> weights = new HashMap<>();

    private Accept(@Nullable String header) {
        if (header == null || header.isBlank()) {
            weights.put(ANYTHING, 1.0);
            return;
        }
        for (String range : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = range.split(";", -1);
            weights.merge(parts[0].strip(), weight(parts), Math::max);
        }
    }

    public static Accept of(Context ctx) {
        return new Accept(ctx.header("Accept"));
    }

    static Accept of(@Nullable String header) {
        return new Accept(header);
    }

    /** 1 where there is none that can be read. */
    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.matches("q=[01](\\.[0-9]{0,3})?")) {
                return Double.parseDouble(parameter.substring(2));
            }
        }
        return 1;
    }

    /** From 0 (not at all) to 1. */
    public double weight(String mediaType) {
        String family = mediaType.substring(0, mediaType.indexOf('/')) + "/*";
        for (String range : new String[] {mediaType, family, ANYTHING}) {
            Double weight = weights.get(range);
            if (weight != null) {
                return weight;
            }
        }
        return 0;
    }

    /** Whether it takes this very type, and not only a range that it is in. */
    public boolean names(String mediaType) {
        return weights.getOrDefault(mediaType, 0.0) > 0;
    }
}
