/**
 * A fuzz run: malformed requests and records from a seed, sent to a whole installation, which has to answer each in
 * order, decide what is right beside them, and hold no more memory at the end than at the beginning.
 */
@NullMarked
package dev.annals.checker.fuzz;

import org.jspecify.annotations.NullMarked;
