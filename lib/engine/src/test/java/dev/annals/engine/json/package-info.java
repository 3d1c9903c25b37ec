@NullMarked
package dev.annals.engine.json;

import org.jspecify.annotations.NullMarked;
