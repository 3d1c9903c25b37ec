@NullMarked
package dev.annals.operations.skip;

import org.jspecify.annotations.NullMarked;
