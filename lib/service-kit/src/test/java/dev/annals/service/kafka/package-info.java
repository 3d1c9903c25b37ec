@NullMarked
package dev.annals.service.kafka;

import org.jspecify.annotations.NullMarked;
