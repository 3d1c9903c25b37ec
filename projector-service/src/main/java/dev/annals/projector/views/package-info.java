/**
 * The views of the domains as Kafka Streams applications, and what the brokers say of their consumer groups. Everything
 * here is immutable or thread-safe: it is asked by the threads of Streams, of the reconciler, of builds and of HTTP.
 */
@NullMarked
package dev.annals.projector.views;

import org.jspecify.annotations.NullMarked;
