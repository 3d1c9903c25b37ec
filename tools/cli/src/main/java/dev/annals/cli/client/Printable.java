package dev.annals.cli.client;

/** Text that was received, for a terminal: it may be anything, so control characters don't reach it. */
public final class Printable {

    private Printable() {}

    public static String of(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
