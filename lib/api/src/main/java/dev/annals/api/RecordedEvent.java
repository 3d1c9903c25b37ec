package dev.annals.api;

import java.time.Instant;

/**
 * An event as a view sees it.
 *
 * @param aggregateId whose event
 * @param version its place in the aggregate's stream; the first is 1. Events into which an upcaster splits a stored one
 *     share its version, and one whose type is retired leaves a gap
 * @param time the time of the command that caused it ({@code ce_time}), UTC, in microseconds
 * @param event the fact
 */
public record RecordedEvent<E>(String aggregateId, long version, Instant time, E event) {}
