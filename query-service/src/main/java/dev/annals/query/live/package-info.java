/**
 * Server-sent events: streams of aggregates, and whole topics, as they go on. Each reader has a thread of its own and
 * no queue, a bounded number of them; what is for one reader is for one thread.
 */
@NullMarked
package dev.annals.query.live;

import org.jspecify.annotations.NullMarked;
