package dev.annals.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The rules of ids that authors meet: those of aggregates, and those of the instances of processes. */
public final class Ids {

    /** Of aggregates. */
    public static final int MAX_LENGTH = 200;

    /**
     * Of an instance and the name of its process together, so that the ids of its commands keep to their 128
     * characters.
     */
    public static final int MAX_LENGTH_WITH_PROCESS = 107;

    /** For error messages. */
    public static final String RULE = "1 to 200 characters of A-Z a-z 0-9 . _ : ~ -";

    private static final String HASHED = "~~";

    private Ids() {}

    /** Whether an aggregate can have this id. */
    public static boolean isValid(String id) {
        return !id.isEmpty() && id.length() <= MAX_LENGTH && id.chars().allMatch(Ids::isAllowed);
    }

    private static boolean isAllowed(int character) {
        return (character >= 'A' && character <= 'Z')
                || (character >= 'a' && character <= 'z')
                || (character >= '0' && character <= '9')
                || "._:~-".indexOf(character) >= 0;
    }

    /** Whether an instance of a process can have this id. */
    public static boolean isValidInstance(String process, String id) {
        return isValid(id) && process.length() + id.length() <= MAX_LENGTH_WITH_PROCESS;
    }

    /**
     * The id of the instance that belongs to an aggregate, or to something else whose name has the characters of an id:
     * the name itself where that is short enough, else {@code ~~} and the SHA-256 of it in hexadecimal digits. So is
     * one that begins with {@code ~~}: two names have never the same id.
     *
     * @param process its name, of at most 41 characters
     * @throws IllegalArgumentException if no id can be made of it
     */
    public static String ofInstance(String process, String name) {
        String id = !name.startsWith(HASHED) && isValidInstance(process, name) ? name : HASHED + sha256(name);
        if (!name.chars().allMatch(Ids::isAllowed) || !isValidInstance(process, id)) {
            throw new IllegalArgumentException(
                    "no instance of %s can be named after '%s': expected characters of A-Z a-z 0-9 . _ : ~ - and a process whose name has at most %d characters"
                            .formatted(process, name, MAX_LENGTH_WITH_PROCESS - id.length()));
        }
        return id;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
