/** Seeded faults: which, when and for how long is drawn before the first one. */
@NullMarked
package dev.annals.checker.nemesis;

import org.jspecify.annotations.NullMarked;
