@NullMarked
package dev.annals.engine.files;

import org.jspecify.annotations.NullMarked;
