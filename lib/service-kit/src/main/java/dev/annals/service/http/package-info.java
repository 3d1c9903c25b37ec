/** HTTP as every service speaks it: problems for errors, health, metrics, and limits on what comes in. */
@NullMarked
package dev.annals.service.http;

import org.jspecify.annotations.NullMarked;
