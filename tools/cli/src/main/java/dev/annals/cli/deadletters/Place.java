package dev.annals.cli.deadletters;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a record stands in a topic, as a person writes it: {@code 2:17} is offset 17 of partition 2. */
record Place(int partition, long offset) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}):(\\d{1,18})");

    /** @throws IllegalArgumentException if the text is no place */
    static Place parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected PARTITION:OFFSET such as 2:17, got '%s'".formatted(text));
        }
        return new Place(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    @Override
    public String toString() {
        return partition + ":" + offset;
    }
}
