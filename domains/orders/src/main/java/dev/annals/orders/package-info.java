/**
 * A shop's orders: what can be asked of one, what can happen to it, its rules, and the views of orders. Pure functions.
 */
@NullMarked
package dev.annals.orders;

import org.jspecify.annotations.NullMarked;
