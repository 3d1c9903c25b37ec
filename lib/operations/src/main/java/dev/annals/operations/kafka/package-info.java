/**
 * Kafka clients of the operations: their settings, the admin client, and a reader of partitions; every wait has a
 * limit.
 */
@NullMarked
package dev.annals.operations.kafka;

import org.jspecify.annotations.NullMarked;
