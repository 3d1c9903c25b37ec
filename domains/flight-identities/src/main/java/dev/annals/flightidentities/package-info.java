/**
 * Which flight a message of another system is about: one register for each callsign, in which every flight has one id
 * of ours and the names that others give it. Pure functions.
 */
@NullMarked
package dev.annals.flightidentities;

import org.jspecify.annotations.NullMarked;
