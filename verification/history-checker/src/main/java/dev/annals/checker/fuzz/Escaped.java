package dev.annals.checker.fuzz;

/** Bytes for people, in one line. */
final class Escaped {

    private static final int SHOWN = 1_500;

    private Escaped() {}

    static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < bytes.length && i < SHOWN; i++) {
            int each = bytes[i] & 0xFF;
            switch (each) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                default -> {
                    if (each >= ' ' && each < 0x7F) {
                        text.append((char) each);
                    } else {
                        text.append("\\x%02x".formatted(each));
                    }
                }
            }
        }
        text.append('"');
        if (bytes.length > SHOWN) {
            text.append("… of %,d bytes".formatted(bytes.length));
        }
        return text.toString();
    }
}
