/** What every service starts with: settings, the domains on the class path, logging, metrics and an orderly end. */
@NullMarked
package dev.annals.service;

import org.jspecify.annotations.NullMarked;
