/**
 * The check: a pure function from a history to findings. It knows the domains' deciders, and nothing of how the service
 * decides.
 *
 * <p>Every result and answer names a version of its aggregate, and the log of events gives that version a state. So
 * nothing needs to be searched: each decision is compared with what the decider says at exactly that state, and real
 * time with the order of versions. Decisions that change nothing commute with each other at the same version.
 */
@NullMarked
package dev.annals.checker.check;

import org.jspecify.annotations.NullMarked;
