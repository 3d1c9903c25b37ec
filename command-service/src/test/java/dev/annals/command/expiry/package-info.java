/** What leaves by its age, and when. */
@NullMarked
package dev.annals.command.expiry;

import org.jspecify.annotations.NullMarked;
