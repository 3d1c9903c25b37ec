/**
 * Brings a request to the instance that has its partition, and has it wait there: for a version, for a partition that
 * moves, for another instance. A request is answered where the partition is; other instances pass it on once.
 * Thread-safe.
 */
@NullMarked
package dev.annals.query.routing;

import org.jspecify.annotations.NullMarked;
