/**
 * The seats of conferences, never sold twice: what can be asked of a conference, what can happen to it, its rules, and
 * their view. Pure functions.
 */
@NullMarked
package dev.annals.seats;

import org.jspecify.annotations.NullMarked;
