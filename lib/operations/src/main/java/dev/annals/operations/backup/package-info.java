/**
 * Backup and restore: the event topics as files, and back. A folder holds {@code manifest.json} and, for each aggregate
 * type, Avro object container files of {@link dev.annals.operations.backup.BackupFormat#SCHEMA}.
 */
@NullMarked
package dev.annals.operations.backup;

import org.jspecify.annotations.NullMarked;
