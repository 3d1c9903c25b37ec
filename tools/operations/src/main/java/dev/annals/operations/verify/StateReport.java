package dev.annals.operations.verify;

/**
 * What came of comparing the states of a type, which the command services hold.
 *
 * @param ofOtherCode how many are of another version of the decider, and are made anew before the next command
 */
public record StateReport(Comparison states, int ofOtherCode) {

    public boolean isEqual() {
        return states.isEqual();
    }
}
