/** What it costs to take a domain's records to Avro's bytes and back, in each of the ways that were considered. */
@NullMarked
package dev.annals.benchmarks.binding;

import org.jspecify.annotations.NullMarked;
