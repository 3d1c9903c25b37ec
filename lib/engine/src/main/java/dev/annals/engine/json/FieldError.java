package dev.annals.engine.json;

/**
 * Why one place of a JSON document does not fit.
 *
 * @param path from the document's root, for instance {@code lines[2].unitPrice}; empty for the document itself
 * @param expected what would fit, in words
 * @param actual what was found, in words, shortened
 */
public record FieldError(String path, String expected, String actual) {

    /** One line for people. */
    public String message() {
        String where = path.isEmpty() ? "the body" : path;
        return "%s: expected %s, got %s".formatted(where, expected, actual);
    }
}
