/**
 * {@code annals backup} and {@code annals restore}: the event topics as files, and back. A folder holds {@code manifest.json} and, for each
 * aggregate type, Avro object container files of {@link dev.annals.cli.backup.BackupFormat#SCHEMA}.
 */
@NullMarked
package dev.annals.cli.backup;

import org.jspecify.annotations.NullMarked;
