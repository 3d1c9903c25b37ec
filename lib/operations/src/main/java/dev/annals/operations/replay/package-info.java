/** Replays: has a view built anew from its events, beside the generation that is read. */
@NullMarked
package dev.annals.operations.replay;

import org.jspecify.annotations.NullMarked;
