@NullMarked
package dev.annals.projector.bulk;

import org.jspecify.annotations.NullMarked;
