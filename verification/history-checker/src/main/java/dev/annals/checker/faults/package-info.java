/** Faults of a real cluster, each a scenario that can be run by its name: what is expected, what is done and seen. */
@NullMarked
package dev.annals.checker.faults;

import org.jspecify.annotations.NullMarked;
