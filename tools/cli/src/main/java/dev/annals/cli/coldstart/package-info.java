/** What services read that are started without their disk. */
@NullMarked
package dev.annals.cli.coldstart;

import org.jspecify.annotations.NullMarked;
