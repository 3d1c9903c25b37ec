@NullMarked
package dev.annals.core.notes;

import org.jspecify.annotations.NullMarked;
