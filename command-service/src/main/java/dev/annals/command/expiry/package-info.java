/** Has the events of a type leave by their age, once a summary stands for them. */
@NullMarked
package dev.annals.command.expiry;

import org.jspecify.annotations.NullMarked;
