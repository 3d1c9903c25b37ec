/**
 * Compacted topics as tables that can be read by key and by range, sharded by partition over the instances.
 *
 * <p>A table keeps records as they came (value bytes, headers, timestamp); what they mean is the reader's affair. The
 * topic is the store's changelog (KIP-813), so nothing is written to Kafka but consumer offsets.
 */
@NullMarked
package dev.annals.query.table;

import org.jspecify.annotations.NullMarked;
