/**
 * Folding events into views, hosted in Kafka Streams: one application a view, so that one that fails stops no other.
 *
 * <p>{@link dev.annals.engine.projecting.ViewTopology} is the map; everything else here is confined to the thread of its task.
 */
@NullMarked
package dev.annals.engine.projecting;

import org.jspecify.annotations.NullMarked;
