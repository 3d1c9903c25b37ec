@NullMarked
package dev.annals.cli.backup;

import org.jspecify.annotations.NullMarked;
