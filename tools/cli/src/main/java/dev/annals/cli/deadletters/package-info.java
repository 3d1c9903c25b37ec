/**
 * {@code annals dead-letters}: what could not be read or handled, and sending one of it again.
 *
 * <p>It reads the topics themselves, since a record that no service can read is in no view.
 */
@NullMarked
package dev.annals.cli.deadletters;

import org.jspecify.annotations.NullMarked;
