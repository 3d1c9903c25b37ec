@NullMarked
package dev.annals.cli.skipping;

import org.jspecify.annotations.NullMarked;
