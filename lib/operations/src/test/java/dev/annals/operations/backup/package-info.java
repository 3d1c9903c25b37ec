@NullMarked
package dev.annals.operations.backup;

import org.jspecify.annotations.NullMarked;
