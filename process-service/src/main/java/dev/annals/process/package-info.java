/** The service that hosts processes: it has no state but its stores, and any number of instances share the work. */
@NullMarked
package dev.annals.process;

import org.jspecify.annotations.NullMarked;
