package dev.annals.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * The ways through a program that asks at every step which of several things is next: all of them, depth first, up to a
 * limit; where there are more, as many others at random, with fixed seeds. Every run tries the same.
 */
final class Schedules {

    static final int LIMIT = 2_000;

    private Schedules() {}

    /** Which is next. */
    @FunctionalInterface
    interface Choice {

        /** A number from 0, below {@code options}, of which there is at least one. */
        int among(int options);
    }

    /**
     * Runs the program once for each way.
     *
     * @param program deterministic but for what is chosen
     * @return how often it ran, in words
     */
    static String each(int limit, Consumer<Choice> program) {
        Path path = new Path();
        int tried = 0;
        do {
            path.rewind();
            program.accept(path);
            tried++;
        } while (path.advance() && tried < limit);
        if (path.isExhausted()) {
            return "all %,d orders".formatted(tried);
        }
        for (int seed = 0; seed < limit; seed++) {
            program.accept(new SplittableRandom(seed)::nextInt);
        }
        return "%,d orders that differ late and %,d at random, of more".formatted(tried, limit);
    }

    /** The choices of one run; those of the next one differ in the last that can. */
    private static final class Path implements Choice {

        private final List<Integer> chosen = new ArrayList<>();
        private final List<Integer> options = new ArrayList<>();
        private int place;
        private boolean exhausted;

        @Override
        public int among(int count) {
            if (place == chosen.size()) {
                chosen.add(0);
                options.add(count);
            }
            return chosen.get(place++);
        }

        void rewind() {
            place = 0;
        }

        boolean advance() {
            while (!chosen.isEmpty() && chosen.getLast() + 1 == options.getLast()) {
                chosen.removeLast();
                options.removeLast();
            }
            exhausted = chosen.isEmpty();
            if (!exhausted) {
                chosen.set(chosen.size() - 1, chosen.getLast() + 1);
            }
            return !exhausted;
        }

        boolean isExhausted() {
            return exhausted;
        }
    }
}
