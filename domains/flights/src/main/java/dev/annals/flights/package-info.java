/**
 * Flights of an air-navigation provider: plans that go through the rules, tracks that are recorded as they come, and
 * their views. Pure functions; airports and arrival routes are a file of the domain.
 */
@NullMarked
package dev.annals.flights;

import org.jspecify.annotations.NullMarked;
