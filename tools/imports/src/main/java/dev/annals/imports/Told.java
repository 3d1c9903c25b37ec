package dev.annals.imports;

import dev.annals.flightidentities.IdentityCommand.Identify;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A message of a channel that names its flight.
 *
 * @param callsign of the flight that operates
 * @param flight which one of the callsign it is, as far as the channel tells: messages that have the same here, and
 *     times near each other, are about one
 */
record Told(String callsign, Identify identify, String flight) {

    private static final int DIGITS = 32;

    /** Of the message itself: whoever sends it again, and with whichever file, sends the same command. */
    String commandId() {
        return identify.channel() + "/" + sha256(identify.message().text()).substring(0, DIGITS);
    }

    /** The time by which the flight is known. */
    Instant at() {
        return Objects.requireNonNullElse(identify.departure(), identify.time());
    }

    private static String sha256(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
