/** Tests of the binding, which need no broker. */
@NullMarked
package dev.annals.core.avro;

import org.jspecify.annotations.NullMarked;
