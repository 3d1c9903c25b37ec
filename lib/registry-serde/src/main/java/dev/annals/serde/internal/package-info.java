/** Shared between this module's packages; no part of its contract. */
@NullMarked
package dev.annals.serde.internal;

import org.jspecify.annotations.NullMarked;
