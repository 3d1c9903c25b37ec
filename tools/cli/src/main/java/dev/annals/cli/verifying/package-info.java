/** {@code annals verify}: folds all events anew and compares what comes of it with what is served. */
@NullMarked
package dev.annals.cli.verifying;

import org.jspecify.annotations.NullMarked;
