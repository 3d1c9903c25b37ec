@NullMarked
package dev.annals.engine.reacting;

import org.jspecify.annotations.NullMarked;
