/** Tests of names, keys and headers. */
@NullMarked
package dev.annals.core.kafka;

import org.jspecify.annotations.NullMarked;
