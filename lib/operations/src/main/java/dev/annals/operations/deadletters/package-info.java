/** Dead letters: what could not be read or handled, and sending one of it again. */
@NullMarked
package dev.annals.operations.deadletters;

import org.jspecify.annotations.NullMarked;
