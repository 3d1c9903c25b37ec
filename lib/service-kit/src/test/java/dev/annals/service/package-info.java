@NullMarked
package dev.annals.service;

import org.jspecify.annotations.NullMarked;
