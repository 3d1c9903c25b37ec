/** Logs in memory, for tests of whatever is made anew from one. */
@NullMarked
package dev.annals.engine.rebuilding;

import org.jspecify.annotations.NullMarked;
