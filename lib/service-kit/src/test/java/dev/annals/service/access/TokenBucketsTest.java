package dev.annals.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketsTest {

    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(3).toNanos()); // it wraps

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static int taken(TokenBuckets buckets, String who, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += buckets.take(who).isZero() ? 1 : 0;
        }
        return taken;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 1_000})
    void so_many_can_be_taken_at_once_and_so_many_each_second(int perSecond) {
        TokenBuckets buckets = new TokenBuckets(perSecond, now::get);

        assertThat(taken(buckets, "ann", 5_000)).isEqualTo(perSecond);
        for (int second = 0; second < 5; second++) {
            pass(Duration.ofSeconds(1));
            assertThat(taken(buckets, "ann", 5_000)).isEqualTo(perSecond);
        }
        pass(Duration.ofHours(1));
        assertThat(taken(buckets, "ann", 5_000)).isEqualTo(perSecond);
    }

    @Test
    void who_has_to_wait_is_told_how_long() {
        TokenBuckets buckets = new TokenBuckets(2, now::get);
        taken(buckets, "ann", 2);

        assertThat(buckets.take("ann")).isEqualTo(Duration.ofMillis(500));
        pass(Duration.ofMillis(499));
        assertThat(buckets.take("ann")).isEqualTo(Duration.ofMillis(1));
        pass(Duration.ofMillis(1));
        assertThat(buckets.take("ann")).isZero();
    }

    @Test
    void nobody_takes_of_somebody_else() {
        TokenBuckets buckets = new TokenBuckets(1, now::get);

        assertThat(buckets.take("ann")).isZero();
        assertThat(buckets.take("bob")).isZero();
        assertThat(buckets.take("ann")).isPositive();
    }

    @Test
    void there_are_never_more_buckets_than_have_room() {
        TokenBuckets buckets = new TokenBuckets(1, now::get);
        for (int i = 0; i < 3 * TokenBuckets.MOST; i++) {
            buckets.take("stranger " + i);
        }
        assertThat(buckets.size()).isLessThanOrEqualTo(TokenBuckets.MOST + 1);
        assertThat(buckets.take("one more")).as("all that are new share one").isPositive();
        assertThat(buckets.take("stranger 1")).as("who has one keeps it").isPositive();

        pass(Duration.ofSeconds(2));

        assertThat(buckets.take("one more")).isZero();
        assertThat(buckets.size()).as("full ones are forgotten").isLessThan(10);
    }
}
