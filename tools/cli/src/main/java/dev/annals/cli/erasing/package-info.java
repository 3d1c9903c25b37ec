/** {@code annals erase}. */
@NullMarked
package dev.annals.cli.erasing;

import org.jspecify.annotations.NullMarked;
