/** {@code annals replay}: has a view built anew from its events, beside the one that is read. */
@NullMarked
package dev.annals.cli.replaying;

import org.jspecify.annotations.NullMarked;
