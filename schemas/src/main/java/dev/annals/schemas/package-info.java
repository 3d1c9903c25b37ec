/**
 * Every Avro contract of Annals as a class path resource below {@code /avro}, and how one is loaded, from this module
 * or from a user's own jar.
 */
@NullMarked
package dev.annals.schemas;

import org.jspecify.annotations.NullMarked;
