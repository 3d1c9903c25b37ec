/** Tests of deciding over a store in memory. */
@NullMarked
package dev.annals.core.deciding;

import org.jspecify.annotations.NullMarked;
