/** The commands that speak HTTP to the services: {@code send}, {@code get}, {@code history}, {@code list}, {@code views}. */
@NullMarked
package dev.annals.cli.client;

import org.jspecify.annotations.NullMarked;
