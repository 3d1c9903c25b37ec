/** What leaves by its age, and when. */
@NullMarked
package dev.annals.command.retention;

import org.jspecify.annotations.NullMarked;
