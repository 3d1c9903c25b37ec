/**
 * What the author of a read model writes against: a fold over the events of one aggregate, and where its row goes.
 * Pure functions, as in {@link dev.annals.core.decider}.
 */
@NullMarked
package dev.annals.core.projection;

import org.jspecify.annotations.NullMarked;
