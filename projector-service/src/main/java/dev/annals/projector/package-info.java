/** The projector: one Kafka Streams application a view, events in and rows out, with health, metrics and lag over HTTP. */
@NullMarked
package dev.annals.projector;

import org.jspecify.annotations.NullMarked;
