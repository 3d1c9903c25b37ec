package dev.annals.checker.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Values that parsers and their users are known to trip over. All are pure functions of the dice. */
final class Hostile {

    private static final int MEDIUM = 2_000;
    private static final int LONG = 20_000;
    private static final int DEEP = 3_000;

    /** As text of any parameter, header, id or field. */
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            ".",
            "..",
            "../../etc/passwd",
            "*",
            "/",
            "\\",
            "%",
            "%00",
            "%zz",
            "null",
            "undefined",
            "NaN",
            "-1",
            "0",
            "1",
            "-0",
            "00",
            "+1",
            "1.5",
            "1e9",
            "1e999999",
            "1E+1000000000",
            "1E-2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "2147483648",
            "99999999999999999999999999999999999999",
            "0.00000000000000000000000000000000000000001",
            "0x10",
            "\u0663\u0663",
            "\uFF11",
            "true",
            "a..b",
            "..",
            "1..",
            "..1",
            "9..1",
            "1..1..1",
            "\"a..b\"",
            "\"",
            "'; drop table accounts; --",
            "{{7*7}}${7*7}",
            "${jndi:ldap://127.0.0.1/a}",
            "%s%s%s%n%d",
            "<script>alert(1)</script>",
            "a\tb",
            "\u202Egnp.exe",
            "\uFEFFbom",
            "e\u0301",
            "\uD83D\uDE00",
            "\uFFFF",
            "2011-01-04T10:00:00Z",
            "2011-01-04T10:00:00+02:00",
            "2011-01-04",
            "2011-02-30T10:00:00Z",
            "2016-12-31T23:59:60Z",
            "0000-00-00",
            "-999999999-01-01T00:00:00Z",
            "+999999999-12-31T23:59:59.999999999Z",
            "+1000000000-12-31T23:59:59Z",
            "9999-12-31T23:59:59.999999999Z",
            "+294247-01-10T04:00:54.775807Z",
            "-290308-12-21T19:59:05.224192Z",
            "1.0.0.0.0.abc",
            "1.zzzzzzzzzzzzz",
            "AQ",
            "AWE",
            "AQ==",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "00000000-0000-0000-0000-000000000000",
            "commands",
            "views",
            "processes",
            "internal",
            "~",
            "~~",
            "~~~",
            ":",
            "a:b",
            "email:~4",
            "email:~zz");

    /** As raw JSON in the place of any value. */
    private static final List<String> JSON = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-1",
            "1.5",
            "1e999999",
            "-1e999999",
            "1e-999999",
            "1E400",
            "1e2147483648",
            "9223372036854775808",
            "99999999999999999999999999999999999999999999999999",
            "0.000000000000000000000000000000000000000000000000001",
            "NaN",
            "Infinity",
            "-Infinity",
            "01",
            "+1",
            ".5",
            "5.",
            "0x1F",
            "\"\"",
            "\" \"",
            "\"1E+1000000000\"",
            "\"1E-1000000000\"",
            "\"1e2147483647\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\u0000\"",
            "\"a\\u0000b\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\uFEFF\"",
            "\"2011-02-30T10:00:00Z\"",
            "\"+1000000000-01-01T00:00:00Z\"",
            "\"-999999999-01-01T00:00:00Z\"",
            "\"2011-01-04T10:00:00.1234567890123Z\"",
            "\"+999999999-12-31\"",
            "\"+294247-01-10T04:00:54.775807Z\"",
            "\"-290308-12-21T19:59:05.224192Z\"",
            "\"+5881580-07-11\"",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "{\"\":null}",
            "{\"a\":1,\"a\":2}",
            "{\"__proto__\":{}}",
            "[1,]",
            "{,}",
            "'a'",
            "/* c */ 1");

    private Hostile() {}

    static String text(Dice dice) {
        return switch (dice.below(12)) {
            case 0 -> "x".repeat(dice.between(100, MEDIUM));
            case 1 -> new String(dice.bytes(dice.between(1, 30)), StandardCharsets.ISO_8859_1);
            case 2 -> Long.toString(dice.number());
            case 3 ->
                Character.toString(dice.below(Character.MAX_CODE_POINT + 1)).repeat(dice.between(1, 4));
            default -> dice.pick(TEXTS);
        };
    }

    /** Without what ends a header or is forbidden in one. */
    static String header(Dice dice) {
        String text = dice.oneIn(40) ? "y".repeat(dice.between(MEDIUM, 6_000)) : text(dice);
        StringBuilder allowed = new StringBuilder();
        text.chars().filter(c -> c == '\t' || (c >= ' ' && c != 0x7F)).forEach(c -> allowed.append((char) c));
        return allowed.toString().strip();
    }

    static String json(Dice dice) {
        return switch (dice.below(16)) {
            case 0 -> '"' + "z".repeat(dice.between(1, LONG)) + '"';
            case 1 -> "[".repeat(dice.between(1, DEEP));
            case 2 -> nested(dice.between(1, DEEP));
            case 3 -> "{\"a\":".repeat(dice.between(1, DEEP));
            case 4 -> "9".repeat(dice.between(1, MEDIUM));
            case 5 -> "0." + "1".repeat(dice.between(1, MEDIUM));
            case 6 -> '"' + "9".repeat(dice.between(1, MEDIUM)) + '"';
            case 7 -> "[" + "0,".repeat(dice.between(1, MEDIUM)) + "0]";
            default -> dice.pick(JSON);
        };
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    /** Some bytes other, gone, doubled or more: what is left of a format after that is anybody's guess. */
    static byte[] mutated(byte[] bytes, Dice dice) {
        byte[] mutated = bytes.clone();
        for (int i = dice.between(1, 4); i > 0 && mutated.length > 0; i--) {
            int at = dice.below(mutated.length);
            mutated = switch (dice.below(6)) {
                case 0 -> with(mutated, at, (byte) (mutated[at] ^ (1 << dice.below(8))));
                case 1 -> with(mutated, at, (byte) dice.below(256));
                case 2 -> joined(head(mutated, at), tail(mutated, at + 1));
                case 3 -> joined(head(mutated, at), dice.bytes(dice.between(1, 20)), tail(mutated, at));
                case 4 -> head(mutated, at);
                default -> joined(mutated, tail(mutated, at));
            };
        }
        return mutated;
    }

    private static byte[] with(byte[] bytes, int at, byte value) {
        bytes[at] = value;
        return bytes;
    }

    static byte[] head(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }

    static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    static byte[] joined(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }
}
