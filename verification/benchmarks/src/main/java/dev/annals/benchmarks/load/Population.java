package dev.annals.benchmarks.load;

/**
 * Accounts that are alike.
 *
 * @param first number of the first one; the others follow
 * @param accounts how many
 * @param eventsEach that each has before anything is measured
 */
record Population(int first, int accounts, int eventsEach) {

    String label() {
        return "%,d account(s), %,d event(s) each".formatted(accounts, eventsEach);
    }

    /** The account of any number of commands, from 0. */
    int account(long number) {
        return first + (int) Long.remainderUnsigned(number, accounts);
    }
}
