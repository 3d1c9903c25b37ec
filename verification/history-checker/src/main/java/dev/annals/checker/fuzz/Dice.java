package dev.annals.checker.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/**
 * The randomness of one input: a pure function of the seed, the stream (requests, records) and the input's number, so
 * that each input can be made alone. For one thread.
 */
final class Dice {

    /** Odd, from the golden ratio: neighbouring numbers are far apart (SplittableRandom's own increment). */
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private final SplittableRandom random;

    private Dice(SplittableRandom random) {
        this.random = random;
    }

    /** @param stream tells inputs of the same number apart */
    static Dice of(long seed, long stream, long number) {
        return new Dice(
                new SplittableRandom(new SplittableRandom(seed ^ (stream * GOLDEN)).nextLong() ^ number * GOLDEN));
    }

    /** From 0. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    /** One in so many. */
    boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    long number() {
        return random.nextLong();
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
