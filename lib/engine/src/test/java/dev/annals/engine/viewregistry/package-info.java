@NullMarked
package dev.annals.engine.viewregistry;

import org.jspecify.annotations.NullMarked;
