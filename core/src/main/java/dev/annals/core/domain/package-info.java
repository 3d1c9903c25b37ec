/** How a domain says what it consists of, so that the services can run it without knowing it. */
@NullMarked
package dev.annals.core.domain;

import org.jspecify.annotations.NullMarked;
