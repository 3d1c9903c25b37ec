@NullMarked
package dev.annals.cli.kafka;

import org.jspecify.annotations.NullMarked;
