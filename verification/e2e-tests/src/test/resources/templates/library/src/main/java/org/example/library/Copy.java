package org.example.library;

import org.jspecify.annotations.Nullable;

/**
 * A copy as its events made it.
 *
 * @param status null as long as there is no such copy
 * @param member who has it
 */
public record Copy(@Nullable Status status, @Nullable String member) {

    /** Where a copy is. */
    public enum Status {
        ON_SHELF,
        LENT,
        LOST
    }
}
