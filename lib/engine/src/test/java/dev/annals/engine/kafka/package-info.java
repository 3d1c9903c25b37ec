/** Tests of names, keys and headers. */
@NullMarked
package dev.annals.engine.kafka;

import org.jspecify.annotations.NullMarked;
