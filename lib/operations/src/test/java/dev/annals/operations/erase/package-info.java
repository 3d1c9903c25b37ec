@NullMarked
package dev.annals.operations.erase;

import org.jspecify.annotations.NullMarked;
