/**
 * JSON to and from Avro by schema: what HTTP accepts and answers for any record, without a class or mapper a type.
 *
 * <p>Money is a JSON string or number on the way in and a string on the way out, times and dates are ISO-8601, times in
 * UTC, enums are their names, bytes are Base64. Avro values are raw ones ({@code bytes} for a decimal, {@code long} for
 * a timestamp), so any Avro serializer can write them.
 */
@NullMarked
package dev.annals.engine.json;

import org.jspecify.annotations.NullMarked;
