@NullMarked
package dev.annals.engine.projecting;

import org.jspecify.annotations.NullMarked;
