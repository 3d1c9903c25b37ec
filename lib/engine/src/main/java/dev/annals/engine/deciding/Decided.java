package dev.annals.engine.deciding;

import org.jspecify.annotations.Nullable;

/**
 * A command that was decided, or that failed, as it is stored.
 *
 * @param fingerprint of its type and payload; null: it failed, so its id is free and only a lookup finds it
 * @param arrived the newest timestamp of a command in the partition by then, milliseconds since the epoch: its retention
 *     begins then, also for a command that came late
 * @param decided wall clock of the instance that decided it, or found that it failed, milliseconds since the epoch
 * @param result as published, see {@link ResultCodec}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Decided(@Nullable PayloadFingerprint fingerprint, long arrived, long decided, byte[] result) {}
