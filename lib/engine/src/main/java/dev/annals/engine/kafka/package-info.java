/** The names on the wire, once each: topics, keys and headers as the published contract has them. */
@NullMarked
package dev.annals.engine.kafka;

import org.jspecify.annotations.NullMarked;
