/**
 * Rows of views by key and as pages. A request is read once on the server's thread, and answered by any thread, more
 * than once where partitions move.
 */
@NullMarked
package dev.annals.query.rows;

import org.jspecify.annotations.NullMarked;
