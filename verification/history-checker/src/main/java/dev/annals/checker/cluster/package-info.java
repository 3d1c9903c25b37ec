/** A broker, a registry and some command services as child processes that can be killed, paused and started again. */
@NullMarked
package dev.annals.checker.cluster;

import org.jspecify.annotations.NullMarked;
