@NullMarked
package dev.annals.service.logging;

import org.jspecify.annotations.NullMarked;
