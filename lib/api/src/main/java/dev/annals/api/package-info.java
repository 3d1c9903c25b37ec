/**
 * What a domain is written against: a {@link dev.annals.api.Decider} that decides commands and folds events,
 * {@link dev.annals.api.View}s that fold events to rows, and the {@link dev.annals.api.Domain} that lists both for the
 * services.
 *
 * <p>Pure functions over records and sealed interfaces. Nothing in here knows of Kafka, Avro or HTTP, and nothing reads
 * a clock or a random source; it needs the JDK and JSpecify's annotations alone.
 */
@NullMarked
package dev.annals.api;

import org.jspecify.annotations.NullMarked;
