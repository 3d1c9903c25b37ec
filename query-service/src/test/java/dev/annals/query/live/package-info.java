@NullMarked
package dev.annals.query.live;

import org.jspecify.annotations.NullMarked;
