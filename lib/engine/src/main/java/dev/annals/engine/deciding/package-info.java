/**
 * Deciding commands: dedupe, version check, decide, evolve and append as one step over one store.
 *
 * <p>{@link dev.annals.engine.deciding.CommandHandler} is a function over small store interfaces;
 * {@link dev.annals.engine.deciding.RecordDecider} decides records with it, and knows nothing of its host either, which
 * is {@code dev.annals.lanes}. Everything here is confined to one thread at a time.
 */
@NullMarked
package dev.annals.engine.deciding;

import org.jspecify.annotations.NullMarked;
