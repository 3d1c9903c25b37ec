package dev.annals.cli.backup;

/**
 * A file of a backup.
 *
 * @param name in the folder
 * @param partition whose records it holds, in the order of their offsets
 * @param sha256 of its bytes, in hexadecimal digits
 */
record BackedUpFile(
        String name, int partition, long firstOffset, long lastOffset, long records, long bytes, String sha256) {}
