package dev.annals.operations.verify;

import java.util.List;

/**
 * What came of comparing contents by key with those that the events say.
 *
 * @param found what is served, or held
 * @param differing how many do not agree
 * @param differences the first of them, by key
 * @param changedMeanwhile how many did not agree at first, and then did: the hashes are of no single moment
 */
public record Comparison(Side expected, Side found, int differing, List<Difference> differences, int changedMeanwhile) {

    /** How many contents, and their hash. */
    public record Side(int count, String hash) {

        static Side of(ContentHash hash) {
            return new Side(hash.size(), hash.hex());
        }
    }

    public Comparison {
        differences = List.copyOf(differences);
    }

    public boolean isEqual() {
        return differing == 0;
    }
}
