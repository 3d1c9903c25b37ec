/**
 * Operations on a running or stopped installation as a library: verify, backup and restore, erase, dead letters, replay
 * and skip. Results are values, progress goes to a {@link dev.annals.operations.ProgressListener}, and what a person
 * can put right is an {@link dev.annals.operations.OperationFailedException}. Nothing here prints, or knows a domain:
 * those of the installation are handed in.
 */
@NullMarked
package dev.annals.operations;

import org.jspecify.annotations.NullMarked;
