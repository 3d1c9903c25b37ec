@NullMarked
package dev.annals.api;

import org.jspecify.annotations.NullMarked;
