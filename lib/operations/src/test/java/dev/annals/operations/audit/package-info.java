@NullMarked
package dev.annals.operations.audit;

import org.jspecify.annotations.NullMarked;
