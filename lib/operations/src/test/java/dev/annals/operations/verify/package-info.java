@NullMarked
package dev.annals.operations.verify;

import org.jspecify.annotations.NullMarked;
