@NullMarked
package dev.annals.lanes;

import org.jspecify.annotations.NullMarked;
