/** The one direction in which modules and packages depend, as tests that fail. */
@NullMarked
package dev.annals.architecture;

import org.jspecify.annotations.NullMarked;
