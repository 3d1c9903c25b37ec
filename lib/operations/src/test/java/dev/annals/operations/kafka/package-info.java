@NullMarked
package dev.annals.operations.kafka;

import org.jspecify.annotations.NullMarked;
