/** How log lines are written: one line a record, whatever its texts hold. */
@NullMarked
package dev.annals.service.logging;

import org.jspecify.annotations.NullMarked;
