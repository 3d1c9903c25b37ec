@NullMarked
package dev.annals.service.access;

import org.jspecify.annotations.NullMarked;
