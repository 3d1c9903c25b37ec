package dev.annals.service.logging;

/**
 * Output escaping against log injection (CWE-117): in what is escaped no text ends a line, moves the cursor of a
 * terminal or turns the direction of writing.
 */
final class Escapes {

    private Escapes() {}

    /** @param quoted whether it stands between quotes, which it then must not end */
    static String of(String text, boolean quoted) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (escaped == null && needsEscape(c, quoted)) {
                escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (escaped != null) {
                append(c, quoted, escaped);
            }
        }
        return escaped == null ? text : escaped.toString();
    }

    private static void append(char c, boolean quoted, StringBuilder to) {
        if (!needsEscape(c, quoted)) {
            to.append(c);
            return;
        }
        switch (c) {
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            case '"', '\\' -> to.append('\\').append(c);
            default -> to.append("\\u%04x".formatted((int) c));
        }
    }

    private static boolean needsEscape(char c, boolean quoted) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> quoted && (c == '"' || c == '\\');
        };
    }
}
