/** How operations answer over HTTP. */
@NullMarked
package dev.annals.operations.http;

import org.jspecify.annotations.NullMarked;
