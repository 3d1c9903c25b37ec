@NullMarked
package dev.annals.core.domain;

import org.jspecify.annotations.NullMarked;
