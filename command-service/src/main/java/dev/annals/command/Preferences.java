package dev.annals.command;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The preferences of a request that concern waiting, as RFC 7240 has them: names in any case, parameters and unknown
 * preferences ignored, of several of one name the first counts, what can't be honoured is as if it were not there.
 *
 * @param respondAsync the client would rather look for the result later
 * @param representation the client would have what was changed, rather than hear of it
 * @param maxWait how long it would wait for it first; null where it doesn't say
 */
record Preferences(
        boolean respondAsync,
        boolean representation,
        @Nullable Duration maxWait) {

    /** More digits are more seconds than any limit. */
    private static final int MAX_WAIT_DIGITS = 9;

    /** @param headers the values of all {@code Prefer} headers, in order */
    static Preferences of(List<String> headers) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String header : headers) {
            for (String preference : header.split(",", -1)) {
                String[] nameAndValue = preference.split(";", 2)[0].split("=", 2);
                values.putIfAbsent(
                        nameAndValue[0].strip().toLowerCase(Locale.ROOT),
                        nameAndValue.length == 1 ? "" : nameAndValue[1].strip());
            }
        }
        return new Preferences(
                values.containsKey("respond-async"),
                "representation".equals(values.get("return")),
                seconds(values.get("wait")));
    }

    private static @Nullable Duration seconds(@Nullable String value) {
        if (value == null) {
            return null;
        }
        String seconds = value.replaceAll("^\"(.*)\"$", "$1"); // a value may be quoted
        if (!seconds.matches("[0-9]+")) {
            return null;
        }
        return seconds.length() > MAX_WAIT_DIGITS
                ? Duration.ofSeconds(Long.MAX_VALUE)
                : Duration.ofSeconds(Long.parseLong(seconds));
    }

    /**
     * How long to wait for the result: what was asked, within the limit; with {@code respond-async} alone not at all.
     */
    Duration maxWait(Duration otherwise, Duration limit) {
        if (maxWait == null) {
            return respondAsync ? Duration.ZERO : otherwise;
        }
        return maxWait.compareTo(limit) < 0 ? maxWait : limit;
    }
}
