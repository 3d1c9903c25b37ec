/**
 * Avro on Kafka in the Confluent wire format: serializer, deserializer and Streams serde, configured by class name with
 * Confluent's keys.
 */
@NullMarked
package dev.annals.serde;

import org.jspecify.annotations.NullMarked;
