@NullMarked
package dev.annals.projector;

import org.jspecify.annotations.NullMarked;
