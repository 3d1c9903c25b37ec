/** Erasure: the tombstones of single events. */
@NullMarked
package dev.annals.operations.erase;

import org.jspecify.annotations.NullMarked;
