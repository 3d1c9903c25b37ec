/**
 * The history checker: random commands from many clients under faults, and a check from outside that what they were
 * told and what the topics hold is right.
 */
@NullMarked
package dev.annals.checker;

import org.jspecify.annotations.NullMarked;
