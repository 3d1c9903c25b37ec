package dev.annals.api;

/**
 * What a fold does where an event has been erased from the log. Its tombstone stands behind later events, and once the log is compacted the fold
 * comes to those first: so versions that are missing count as erased.
 */
public enum Erased {

    /** Nothing of that partition is folded past the place, and it is said where it is: nobody has thought about it yet. */
    REFUSE,

    /** The event counts, so that versions stay what they were, and leaves what is folded as it is. */
    PASS_OVER
}
