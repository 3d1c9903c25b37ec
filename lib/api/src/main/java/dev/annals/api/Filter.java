package dev.annals.api;

/**
 * A query parameter by which the rows of a view can be listed: rows whose field equals the value or, where its type has
 * an order (numbers, dates, times, texts), lies in a range {@code from..to}. A field that is a list has the value where
 * one of its elements is it.
 *
 * @param parameter its name in the URL, for instance {@code customer}
 * @param field the row's field, for instance {@code customerId}
 * @param leadsKey true where every row's key starts with the field's value and {@link #KEY_SEPARATOR}: rows with one
 *     value are then read by a range of keys instead of a scan
 */
public record Filter(String parameter, String field, boolean leadsKey) {

    /** Stands between the parts of a compound view key. */
    public static final char KEY_SEPARATOR = ':';

    public static Filter byField(String parameter, String field) {
        return new Filter(parameter, field, false);
    }

    public static Filter byLeadingKey(String parameter, String field) {
        return new Filter(parameter, field, true);
    }
}
