/**
 * Generations of views as this instance serves them, and the cut-over from one to the next. One thread changes what is
 * served ({@link dev.annals.query.views.CutOver}); any thread reads it.
 */
@NullMarked
package dev.annals.query.views;

import org.jspecify.annotations.NullMarked;
