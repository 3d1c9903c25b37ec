/**
 * Streams of events and journals, their histories, and the states that they add up to. Thread-safe but for what goes
 * along one stream: iterators and folds are for one thread.
 */
@NullMarked
package dev.annals.query.events;

import org.jspecify.annotations.NullMarked;
