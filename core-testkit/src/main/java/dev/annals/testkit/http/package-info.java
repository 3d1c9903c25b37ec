/** Holds running services to what they say of themselves. */
@NullMarked
package dev.annals.testkit.http;

import org.jspecify.annotations.NullMarked;
