package dev.annals.query.table;

/**
 * How far the partitions on this instance are behind their topic.
 *
 * @param records not applied yet; transaction markers between them count
 * @param seconds since the record applied last was written, 0 where nothing is left to apply
 */
public record TableLag(long records, double seconds) {}
