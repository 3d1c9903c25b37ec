/** Instances of processes in lists; what each has done is a stream, see {@code events}. Thread-safe. */
@NullMarked
package dev.annals.query.processes;

import org.jspecify.annotations.NullMarked;
