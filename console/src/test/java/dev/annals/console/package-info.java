@NullMarked
package dev.annals.console;

import org.jspecify.annotations.NullMarked;
