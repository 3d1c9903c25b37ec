/** The topics, as any Kafka client writes and reads them. */
@NullMarked
package dev.annals.checker.topics;

import org.jspecify.annotations.NullMarked;
