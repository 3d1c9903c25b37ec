@NullMarked
package dev.annals.query.routing;

import org.jspecify.annotations.NullMarked;
