@NullMarked
package dev.annals.cli.verifying;

import org.jspecify.annotations.NullMarked;
