package dev.annals.imports;

import dev.annals.operations.ServiceException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads something that grows by itself until it is complete, or enough and at rest, or has not changed for too long.
 *
 * @param <V> what is read; equal values are "no change"
 * @param nanoTime a clock
 * @param pause what moves it on, between two reads
 */
record CatchUp<V>(LongSupplier nanoTime, Runnable pause) {

    /** What is enough counts when it has not changed for this long. */
    static final Duration REST = Duration.ofSeconds(3);

    /** What is not enough is given up when it has not changed for this long. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** In all, however it changes. */
    static final Duration LIMIT = Duration.ofMinutes(10);

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** How far a value is. */
    enum Reached {
        NOT_ENOUGH,
        ENOUGH,
        COMPLETE
    }

    /**
     * What was read last.
     *
     * @param value null if nothing could be read
     */
    record LastRead<V>(
            @Nullable V value, Reached reached, @Nullable ServiceException failure) {}

    CatchUp() {
        this(System::nanoTime, CatchUp::sleep);
    }

    /** @param read a {@link ServiceException} of it that may pass counts as no change */
    LastRead<V> await(Supplier<V> read, Function<V, Reached> judge) {
        long start = nanoTime.getAsLong();
        long lastChange = start;
        LastRead<V> last = new LastRead<>(null, Reached.NOT_ENOUGH, null);
        while (true) {
            LastRead<V> next = read(read, judge, last);
            long now = nanoTime.getAsLong();
            if (next.value() != null && !next.value().equals(last.value())) {
                lastChange = now;
            }
            last = next;
            if (isOver(last, now - lastChange, now - start)) {
                return last;
            }
            pause.run();
        }
    }

    private LastRead<V> read(Supplier<V> read, Function<V, Reached> judge, LastRead<V> last) {
        try {
            V value = read.get();
            return new LastRead<>(value, judge.apply(value), null);
        } catch (ServiceException e) {
            if (!e.mayPass()) {
                throw e;
            }
            return new LastRead<>(last.value(), last.reached(), e);
        }
    }

    private static boolean isOver(LastRead<?> last, long unchanged, long passed) {
        return passed > LIMIT.toNanos()
                || switch (last.reached()) {
                    case COMPLETE -> true;
                    // Not being answered is no rest.
                    case ENOUGH -> unchanged > (last.failure() == null ? REST : PATIENCE).toNanos();
                    case NOT_ENOUGH -> unchanged > PATIENCE.toNanos();
                };
    }

    private static void sleep() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImportFailedException("interrupted while the views catch up", e);
        }
    }
}
