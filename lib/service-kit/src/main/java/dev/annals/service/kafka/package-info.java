/** Kafka Streams as every service runs it: its defaults, its topics, and a host that never dies silently. */
@NullMarked
package dev.annals.service.kafka;

import org.jspecify.annotations.NullMarked;
