/**
 * Claims: a value (an e-mail address, a user name, an id of somebody else's) has one owner at a time. What can be asked
 * of one, what can happen to it, its rules, and their view. Pure functions.
 */
@NullMarked
package dev.annals.claims;

import org.jspecify.annotations.NullMarked;
