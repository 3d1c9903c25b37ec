package dev.annals.core.deciding;

/**
 * A decided command, as it is stored.
 *
 * @param fingerprint of its type and payload
 * @param arrived timestamp of the command's record, milliseconds since the epoch
 * @param decided wall clock of the instance that decided it, milliseconds since the epoch
 */
record Decided(PayloadFingerprint fingerprint, long arrived, long decided, CommandResult result) {}
