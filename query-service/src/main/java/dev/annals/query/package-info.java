/** The query service: rows of views, streams of events and states of aggregates over HTTP, from any instance. */
@NullMarked
package dev.annals.query;

import org.jspecify.annotations.NullMarked;
