/**
 * Given/when/then for the pure parts of a domain: {@link dev.annals.testkit.DeciderKit} for rules,
 * {@link dev.annals.testkit.ViewKit} for folds, {@link dev.annals.testkit.ProcessKit} for processes, which
 * {@link dev.annals.testkit.SimulatedHost} runs together with the rules of their aggregates; and
 * {@link dev.annals.testkit.DomainContract} for what every domain wants tested: its schemas, which it records, its
 * shapes, and what releases have written. Needs no broker.
 */
@NullMarked
package dev.annals.testkit;

import org.jspecify.annotations.NullMarked;
