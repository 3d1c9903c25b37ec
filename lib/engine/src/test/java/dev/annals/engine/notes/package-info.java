@NullMarked
package dev.annals.engine.notes;

import org.jspecify.annotations.NullMarked;
