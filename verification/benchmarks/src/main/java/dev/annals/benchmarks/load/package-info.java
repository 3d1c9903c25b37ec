/**
 * The end-to-end load program: the command service against a floor, over topics and HTTP, in one run on one broker.
 * {@code LoadMain} drives, {@code FloorMain} is the floor.
 */
@NullMarked
package dev.annals.benchmarks.load;

import org.jspecify.annotations.NullMarked;
