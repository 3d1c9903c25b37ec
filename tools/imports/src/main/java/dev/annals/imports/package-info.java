/**
 * Imports of recorded data as commands on the command topics, followed to their results and to the views.
 *
 * <p>A source reads files and makes commands with ids derived from the input; {@link dev.annals.imports.Importer} sends
 * them and follows the results; the views are then compared with what was accepted.
 */
@NullMarked
package dev.annals.imports;

import org.jspecify.annotations.NullMarked;
