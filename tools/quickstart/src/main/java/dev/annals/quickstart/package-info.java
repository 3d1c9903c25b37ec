/**
 * Everything on one machine: the broker, the schema registry and the three services as processes that outlive the
 * command that started them, found again by their pid files.
 */
@NullMarked
package dev.annals.quickstart;

import org.jspecify.annotations.NullMarked;
