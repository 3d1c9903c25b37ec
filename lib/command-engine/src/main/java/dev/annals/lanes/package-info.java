/**
 * The command engine: decides commands where their aggregate lives, with events and results as the only log.
 *
 * <p>A lane is a fixed group of an aggregate type's partitions with one owner among all instances. The owner decides
 * what its partitions' command topic brings and what callers hand it, in one loop and one Kafka transaction at a time;
 * what it keeps in memory and on disk is a cache of the event and result topics, which a new owner reads to their end
 * after it has fenced the old one.
 */
@NullMarked
package dev.annals.lanes;

import org.jspecify.annotations.NullMarked;
