/**
 * The blue/green deployment of views. {@link dev.annals.projector.generations.GenerationReconciler} is the control
 * loop: it compares the view registry with what runs here, starts and stops applications, and has
 * {@code GenerationLifecycle} take generations from one state to the next. All of it runs in the loop's one thread,
 * except for questions of readiness.
 */
@NullMarked
package dev.annals.projector.generations;

import org.jspecify.annotations.NullMarked;
