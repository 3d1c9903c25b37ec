/** The command service: HTTP in, command topics, the deciding topology, results. */
@NullMarked
package dev.annals.command;

import org.jspecify.annotations.NullMarked;
