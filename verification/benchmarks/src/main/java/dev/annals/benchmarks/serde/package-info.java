/** What it costs to take an Avro record to the Confluent wire format and back, once its schema is known. */
@NullMarked
package dev.annals.benchmarks.serde;

import org.jspecify.annotations.NullMarked;
