/** How long work is told of: a bar on a terminal, plain lines elsewhere. */
@NullMarked
package dev.annals.cli.progress;

import org.jspecify.annotations.NullMarked;
