/** That mutants are wrong in the way that they say. */
package dev.annals.checker.mutant;
