/**
 * Checks the answers of query services from outside: clients write, remember what they wrote, and compare each answer
 * with it, while query services and projectors are killed.
 */
@NullMarked
package dev.annals.checker.answers;

import org.jspecify.annotations.NullMarked;
