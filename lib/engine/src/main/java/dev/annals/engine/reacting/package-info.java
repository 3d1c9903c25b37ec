/**
 * Runs processes ({@link dev.annals.api.ProcessManager}) on Kafka Streams: events of aggregates and results of commands
 * are re-keyed by instance, told to the instance one after the other, and what it does about them (commands, timers, an
 * entry in its journal) is one transaction with its state.
 */
@NullMarked
package dev.annals.engine.reacting;

import org.jspecify.annotations.NullMarked;
