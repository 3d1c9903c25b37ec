/** Tests of what query services answer that were away without knowing it. */
@NullMarked
package dev.annals.checker.answers;

import org.jspecify.annotations.NullMarked;
