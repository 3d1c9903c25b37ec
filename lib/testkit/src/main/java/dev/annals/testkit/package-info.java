/**
 * Given/when/then for the pure parts of a domain: {@link dev.annals.testkit.DeciderKit} for rules,
 * {@link dev.annals.testkit.ViewKit} for folds; and {@link dev.annals.testkit.ReleasedEvents} for what releases have written. Needs no
 * broker.
 */
@NullMarked
package dev.annals.testkit;

import org.jspecify.annotations.NullMarked;
