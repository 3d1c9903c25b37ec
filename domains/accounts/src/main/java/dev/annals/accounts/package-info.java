/**
 * Bank accounts: what can be asked of one, what can happen to it, its rules, their view, and transfers. Pure functions.
 */
@NullMarked
package dev.annals.accounts;

import org.jspecify.annotations.NullMarked;
