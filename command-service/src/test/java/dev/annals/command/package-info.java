/** The command service as its users see it: HTTP and topics. */
@NullMarked
package dev.annals.command;

import org.jspecify.annotations.NullMarked;
