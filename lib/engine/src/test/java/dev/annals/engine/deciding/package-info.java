/** Tests of deciding over a store in memory. */
@NullMarked
package dev.annals.engine.deciding;

import org.jspecify.annotations.NullMarked;
