/** The console: serves the pages that a browser shows, and forwards what they ask to the services' public HTTP APIs. */
@NullMarked
package dev.annals.console;

import org.jspecify.annotations.NullMarked;
