/**
 * {@code annals import}: recorded data as commands on the command topics, followed to their results and to the views.
 *
 * <p>A source reads files and makes commands with ids derived from the input; {@link dev.annals.cli.importing.Importer} sends
 * them and follows the results; the views are then compared with what was accepted.
 */
@NullMarked
package dev.annals.cli.importing;

import org.jspecify.annotations.NullMarked;
