@NullMarked
package dev.annals.service.views;

import org.jspecify.annotations.NullMarked;
