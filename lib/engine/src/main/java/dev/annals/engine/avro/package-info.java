/** One generic binding of domain records to Avro: no mapper a type. */
@NullMarked
package dev.annals.engine.avro;

import org.jspecify.annotations.NullMarked;
