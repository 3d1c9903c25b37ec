/** Whole runs, on real processes. */
package dev.annals.checker;
