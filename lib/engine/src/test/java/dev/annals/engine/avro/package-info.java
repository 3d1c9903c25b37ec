/** Tests of the binding, which need no broker. */
@NullMarked
package dev.annals.engine.avro;

import org.jspecify.annotations.NullMarked;
