@NullMarked
package dev.annals.service.http;

import org.jspecify.annotations.NullMarked;
