@NullMarked
package dev.annals.query.api;

import org.jspecify.annotations.NullMarked;
