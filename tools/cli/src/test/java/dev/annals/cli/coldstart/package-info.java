@NullMarked
package dev.annals.cli.coldstart;

import org.jspecify.annotations.NullMarked;
