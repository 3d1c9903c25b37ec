/** What it costs to fold old events in memory, without Kafka. */
@NullMarked
package dev.annals.benchmarks.fold;

import org.jspecify.annotations.NullMarked;
