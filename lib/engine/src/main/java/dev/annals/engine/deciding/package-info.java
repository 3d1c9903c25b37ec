/**
 * Deciding commands: dedupe, version check, decide, evolve and append as one step over one store.
 *
 * <p>{@link dev.annals.engine.deciding.CommandHandler} is a function over a small store interface and knows nothing of
 * its host; {@link dev.annals.engine.deciding.CommandTopology} hosts it in Kafka Streams, where everything that a
 * command changes is one transaction. Everything here is confined to the thread of its task.
 */
@NullMarked
package dev.annals.engine.deciding;

import org.jspecify.annotations.NullMarked;
