/**
 * The projector: one Kafka Streams application a generation of a view, events in and rows out, with health, metrics and
 * lag over HTTP.
 *
 * <p>{@code views} is what this release can fold, {@code bulk} builds a generation from old events in memory,
 * {@code generations} runs what the view registry asks for and carries generations from one state to the next. Each
 * uses only those named before it.
 */
@NullMarked
package dev.annals.projector;

import org.jspecify.annotations.NullMarked;
