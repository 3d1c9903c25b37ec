/**
 * Making the store of a Streams task anew from a topic, in short transactions while the task's input is held back: what
 * it has in common for the states of aggregates and the instances of processes.
 */
@NullMarked
package dev.annals.engine.rebuilding;

import org.jspecify.annotations.NullMarked;
