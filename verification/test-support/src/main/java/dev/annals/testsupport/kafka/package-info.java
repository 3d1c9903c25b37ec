/**
 * A real broker, and a real schema registry when asked, for JUnit tests: {@link dev.annals.testsupport.kafka.WithKafka}
 * on a test class and a {@link dev.annals.testsupport.kafka.KafkaCluster} parameter are all that a test needs.
 */
@NullMarked
package dev.annals.testsupport.kafka;

import org.jspecify.annotations.NullMarked;
