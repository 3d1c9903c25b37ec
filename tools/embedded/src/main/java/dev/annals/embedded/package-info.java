/**
 * A real Kafka broker and a real schema registry as child JVMs on this machine's loopback, for the quickstart and for
 * tests.
 *
 * <p>They are processes of their own because a fatal fault in a broker ends its JVM, and because only a process can be
 * killed the way a crash kills it. Nothing in here knows of the rest of Annals. POSIX systems only.
 */
@NullMarked
package dev.annals.embedded;

import org.jspecify.annotations.NullMarked;
