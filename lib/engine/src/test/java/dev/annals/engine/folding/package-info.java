@NullMarked
package dev.annals.engine.folding;

import org.jspecify.annotations.NullMarked;
