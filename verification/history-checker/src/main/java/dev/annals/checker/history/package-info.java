/** What clients asked and were told, and what the topics then hold: the material of the check. Immutable values. */
@NullMarked
package dev.annals.checker.history;

import org.jspecify.annotations.NullMarked;
