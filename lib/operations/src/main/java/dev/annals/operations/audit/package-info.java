/** What operators have had done, read from what it left in the topics. */
@NullMarked
package dev.annals.operations.audit;

import org.jspecify.annotations.NullMarked;
