/** Tests of the serdes, with the registry in memory. */
@NullMarked
package dev.annals.serde;

import org.jspecify.annotations.NullMarked;
