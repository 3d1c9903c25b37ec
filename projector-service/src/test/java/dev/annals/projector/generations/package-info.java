@NullMarked
package dev.annals.projector.generations;

import org.jspecify.annotations.NullMarked;
