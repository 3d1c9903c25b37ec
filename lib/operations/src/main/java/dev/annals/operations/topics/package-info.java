/** The topics of an installation, for whoever makes them where services may not. */
@NullMarked
package dev.annals.operations.topics;

import org.jspecify.annotations.NullMarked;
