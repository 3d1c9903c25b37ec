@NullMarked
package dev.annals.core.projecting;

import org.jspecify.annotations.NullMarked;
