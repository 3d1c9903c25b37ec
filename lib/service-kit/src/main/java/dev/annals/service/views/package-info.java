/**
 * The view registry as services have it: {@link dev.annals.service.views.ViewRegistry} follows
 * {@code dev.annals.engine.viewregistry} in memory. A thread of its own reads; answers come from memory, from any
 * thread; changes wait for the broker.
 */
@NullMarked
package dev.annals.service.views;

import org.jspecify.annotations.NullMarked;
