/**
 * The view registry: a replicated map in the compacted topic {@code annals.views}, of one partition, with what is
 * decided about views, and what operators have said. Each process that needs it reads the topic from its start and
 * keeps the map in memory ({@link dev.annals.engine.viewregistry.RegistryState}).
 *
 * <p>Keys and their values, in JSON ({@link dev.annals.engine.viewregistry.RegistryEntry}):
 *
 * <ul>
 *   <li>{@code generation/<view>/<n>}: a generation of a view and its status
 *   <li>{@code stop/<view>/<n>/<topic>-<partition>}: where a generation has stopped, and why
 *   <li>{@code skip/<view>/<n>/<topic>-<partition>@<offset>}: a record that a person has a generation pass over
 *   <li>{@code command-skip/<topic>-<partition>@<offset>}: a command that a person has the command service pass over
 * </ul>
 *
 * <p>Stops and skips are written as they come. Generations are changed by compare and set
 * ({@link dev.annals.engine.viewregistry.RegistryWriter}): all writers share one transactional id, the name of the
 * topic. To initialize it ends the transaction of the writer before and fences it, so that what a writer then reads to
 * the end of the topic is still all there is when its own transaction commits; a writer that was fenced reads and
 * decides anew. No lock is left behind by one that dies.
 *
 * <p>Who may write the topic may write anything: an entry that can't be read counts for nothing. The records here are
 * immutable, the state and the writer are thread-safe, a reader is for one thread.
 */
@NullMarked
package dev.annals.engine.viewregistry;

import org.jspecify.annotations.NullMarked;
