package dev.annals.api;

/**
 * What a fold does about a missing event: one that was erased from the log. Its tombstone stands behind later events,
 * and once the log is compacted the fold comes to those first: so versions that are missing count as erased.
 */
public enum MissingEvents {

    /** The fold of that partition stops at the place, and it is said where it is: nobody has thought about it yet. */
    FAIL,

    /** The event counts, so that versions stay what they were, and leaves what is folded as it is. */
    SKIP
}
