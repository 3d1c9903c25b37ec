/**
 * What is noted about views in the topic {@code annals.views}: where one has stopped, and which records one is to pass over.
 * Projectors and people write it; projectors, the query service and the command line read it.
 */
@NullMarked
package dev.annals.engine.notes;

import org.jspecify.annotations.NullMarked;
