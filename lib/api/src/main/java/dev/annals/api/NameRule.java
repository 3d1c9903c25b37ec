package dev.annals.api;

import java.util.regex.Pattern;

/** What aggregate types and views may be called: topics, consumer groups, URLs and folders are named after them. */
final class NameRule {

    /** Leaves room in the name of a topic (249 characters), and keeps the pattern from recursing deeply. */
    private static final int MAX_LENGTH = 100;

    private static final Pattern WORDS = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private NameRule() {}

    static boolean isValid(String name) {
        return name.length() <= MAX_LENGTH && WORDS.matcher(name).matches();
    }

    /**
     * Refuses what is no name.
     *
     * @param what it names, for the message
     * @throws IllegalArgumentException if it is none
     */
    static void require(String what, String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException("%s '%s': expected lower-case words joined by '-', at most %d characters"
                    .formatted(what, name, MAX_LENGTH));
        }
    }
}
