@NullMarked
package dev.annals.process;

import org.jspecify.annotations.NullMarked;
