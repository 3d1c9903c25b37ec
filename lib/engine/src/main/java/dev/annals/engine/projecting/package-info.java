/**
 * Folding events into views, hosted in Kafka Streams: one application a generation of a view, so that one that fails
 * stops no other.
 *
 * <p>An event comes by {@link dev.annals.engine.projecting.ViewTopology}'s nodes to its row: {@code AggregateFold}
 * folds it into what is stored of its aggregate; {@code RowFold} makes a row of that, or {@code PartFold} hands on what
 * changed in its part, which {@code GroupFold} adds to the row of a group.
 * {@link dev.annals.engine.projecting.GenerationFolds} has these steps of a generation; a task of Streams runs them, or
 * {@link dev.annals.engine.projecting.MemoryBuild} over old events.
 *
 * <p>Steps and all that they are made of are confined to one thread; what is public says of itself who may use it.
 */
@NullMarked
package dev.annals.engine.projecting;

import org.jspecify.annotations.NullMarked;
