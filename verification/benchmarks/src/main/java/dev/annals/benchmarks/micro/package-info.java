/** What single steps cost without Kafka: an event to bytes and back, and the folding of old events in memory. */
@NullMarked
package dev.annals.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
