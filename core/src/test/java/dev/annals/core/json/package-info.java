@NullMarked
package dev.annals.core.json;

import org.jspecify.annotations.NullMarked;
