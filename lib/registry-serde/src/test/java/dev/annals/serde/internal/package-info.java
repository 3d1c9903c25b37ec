/** Tests of what the module's packages share. */
@NullMarked
package dev.annals.serde.internal;

import org.jspecify.annotations.NullMarked;
