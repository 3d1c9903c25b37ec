/** Retention by age: old events of a type are erased once a summary stands for them. */
@NullMarked
package dev.annals.command.retention;

import org.jspecify.annotations.NullMarked;
