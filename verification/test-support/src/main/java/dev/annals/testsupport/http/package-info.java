/** Holds running services to what they say of themselves. */
@NullMarked
package dev.annals.testsupport.http;

import org.jspecify.annotations.NullMarked;
