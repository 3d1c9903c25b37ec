/**
 * What the author of an aggregate writes against: pure functions from command and state to events, and from state and
 * event to state. Nothing in here knows of Kafka, Avro or HTTP, and nothing reads a clock or a random source.
 */
@NullMarked
package dev.annals.core.decider;

import org.jspecify.annotations.NullMarked;
