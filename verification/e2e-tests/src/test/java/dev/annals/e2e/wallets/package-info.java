/** A domain of somebody else's, in a jar of its own: wallets from which events may be erased. */
@NullMarked
package dev.annals.e2e.wallets;

import org.jspecify.annotations.NullMarked;
