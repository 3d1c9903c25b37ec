/** A domain whose events have changed, and what becomes of those that were written before. */
@NullMarked
package dev.annals.engine.evolution;

import org.jspecify.annotations.NullMarked;
