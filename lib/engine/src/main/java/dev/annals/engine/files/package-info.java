/** Who may read and write the files of an installation. */
@NullMarked
package dev.annals.engine.files;

import org.jspecify.annotations.NullMarked;
