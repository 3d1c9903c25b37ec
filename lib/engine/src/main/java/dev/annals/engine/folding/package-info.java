/**
 * How a stream of events is folded, whatever it is folded into: what states, rows and parts have in common. Immutable.
 */
@NullMarked
package dev.annals.engine.folding;

import org.jspecify.annotations.NullMarked;
