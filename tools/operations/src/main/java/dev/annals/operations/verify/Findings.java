package dev.annals.operations.verify;

import java.util.ArrayList;
import java.util.List;

/** All are counted, the first are kept. For one thread. */
final class Findings {

    private final int most;
    private final List<Finding> first = new ArrayList<>();
    private long count;

    Findings(int most) {
        this.most = most;
    }

    void add(Finding.Kind kind, String key, String text) {
        count++;
        if (first.size() < most) {
            first.add(new Finding(kind, key, text));
        }
    }

    long count() {
        return count;
    }

    List<Finding> first() {
        return List.copyOf(first);
    }
}
