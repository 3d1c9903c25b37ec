/** What the rules themselves cost: one command decided and its events folded into the state, without Kafka and Avro. */
@NullMarked
package dev.annals.benchmarks.decide;

import org.jspecify.annotations.NullMarked;
