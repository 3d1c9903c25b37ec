package dev.annals.service.tls;

import java.util.Locale;
import java.util.Set;

/**
 * By which names instances are known: an authority may have signed certificates of others too.
 *
 * @param patterns names in lower case, {@code *.} in the place of a first label
 */
record InstanceNames(Set<String> patterns) {

    private static final String ANY_LABEL = "*";

    InstanceNames {
        patterns = Set.copyOf(patterns);
    }

    /** As RFC 6125 has it: a star is one whole label. */
    boolean has(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        int dot = lower.indexOf('.');
        return patterns.contains(lower) || (dot > 0 && patterns.contains(ANY_LABEL + lower.substring(dot)));
    }

    /** Whether one of a certificate's names is one of an instance; a wildcard only where it is listed as it is. */
    boolean hasOneOf(Set<String> names) {
        return names.stream().anyMatch(this::has);
    }
}
