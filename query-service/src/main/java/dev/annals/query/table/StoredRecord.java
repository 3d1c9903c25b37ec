package dev.annals.query.table;

import org.apache.kafka.common.header.Headers;

/**
 * A record of the topic as it came.
 *
 * @param key UTF-8
 * @param value in the topic's wire format
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record StoredRecord(byte[] key, byte[] value, Headers headers) {}
