/** {@code annals skip}: has a stopped view pass over the record that it has stopped at. */
@NullMarked
package dev.annals.cli.skipping;

import org.jspecify.annotations.NullMarked;
