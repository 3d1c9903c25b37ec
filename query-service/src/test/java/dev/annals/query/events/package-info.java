@NullMarked
package dev.annals.query.events;

import org.jspecify.annotations.NullMarked;
