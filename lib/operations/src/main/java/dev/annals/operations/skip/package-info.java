/** Skips: has a stopped view pass over the record that it has stopped at. */
@NullMarked
package dev.annals.operations.skip;

import org.jspecify.annotations.NullMarked;
