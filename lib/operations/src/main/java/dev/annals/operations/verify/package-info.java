/**
 * Verification: folds all events anew and compares what comes of it with what is served, and with the states of the
 * command services.
 */
@NullMarked
package dev.annals.operations.verify;

import org.jspecify.annotations.NullMarked;
