@NullMarked
package dev.annals.checker.fuzz;

import org.jspecify.annotations.NullMarked;
