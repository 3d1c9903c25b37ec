/**
 * Bulk builds: a new generation's old events are folded in memory by one elected projector, which writes every store
 * entry and row once, in one transaction with the offsets from which the generation's application goes on.
 *
 * <p>{@link dev.annals.projector.bulk.BulkBuilds} belongs to the reconciler's thread; each build has a thread of its
 * own, and further ones that read partitions.
 */
@NullMarked
package dev.annals.projector.bulk;

import org.jspecify.annotations.NullMarked;
