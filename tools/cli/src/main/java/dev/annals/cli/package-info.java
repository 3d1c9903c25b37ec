/** The command line, {@code annals}: one small class a command, over the quickstart, the topics and HTTP. */
@NullMarked
package dev.annals.cli;

import org.jspecify.annotations.NullMarked;
