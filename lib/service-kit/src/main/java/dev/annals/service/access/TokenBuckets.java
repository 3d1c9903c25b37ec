package dev.annals.service.access;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Token buckets, one for each who takes something: so many a second, and as many at once. Each is kept as the generic
 * cell rate algorithm keeps one (ITU-T I.371): as the time at which it will be full, so nothing has to be filled.
 *
 * <p>There are {@value #MOST} at most. Full ones are forgotten when there is no room, since a new one is as good; where
 * all are in use, those that are new share one. Thread-safe.
 */
public final class TokenBuckets {

    static final int MOST = 10_000;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** That of all who find no room for one of their own; nobody has this name. */
    private static final String SHARED = "";

    private final long interval;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, Long> fullAt = new ConcurrentHashMap<>();
    private final AtomicLong nextSweep;

    /** @param perSecond at least 1 */
    public TokenBuckets(int perSecond) {
        this(perSecond, System::nanoTime);
    }

    TokenBuckets(int perSecond, LongSupplier nanoTime) {
        this.interval = SECOND / perSecond;
        this.nanoTime = nanoTime;
        this.nextSweep = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * Takes one.
     *
     * @return zero, or how long it is until there is one: then nothing is taken
     */
    public Duration take(String who) {
        long now = nanoTime.getAsLong();
        long[] wait = {0};
        fullAt.compute(hasRoom(who, now) ? who : SHARED, (key, known) -> {
            long full = known == null || known - now < 0 ? now : known;
            wait[0] = Math.max(0, full + interval - now - SECOND);
            return wait[0] > 0 ? full : full + interval;
        });
        return Duration.ofNanos(wait[0]);
    }

    private boolean hasRoom(String who, long now) {
        if (fullAt.size() < MOST || fullAt.containsKey(who)) {
            return true;
        }
        long sweep = nextSweep.get(); // looking at all of them must not become the work of every request
        if (now - sweep >= 0 && nextSweep.compareAndSet(sweep, now + SECOND)) {
            fullAt.values().removeIf(full -> full - now <= 0);
        }
        return fullAt.size() < MOST;
    }

    int size() {
        return fullAt.size();
    }
}
