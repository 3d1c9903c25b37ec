package dev.annals.core.deciding;

/**
 * A decided command, as it is stored.
 *
 * @param fingerprint of its type and payload
 * @param arrived the newest timestamp of a command in the partition by then, milliseconds since the epoch: its retention
 *     begins then, also for a command that came late
 * @param decided wall clock of the instance that decided it, milliseconds since the epoch
 * @param result as published, see {@link ResultCodec}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Decided(PayloadFingerprint fingerprint, long arrived, long decided, byte[] result) {}
