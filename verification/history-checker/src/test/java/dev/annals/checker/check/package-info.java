/** Histories made by hand, each with one fault. */
package dev.annals.checker.check;
