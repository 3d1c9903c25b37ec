package dev.annals.query.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class WaitersTest {

    private static final byte[] KEY = "a".getBytes(StandardCharsets.UTF_8);
    private static final long LONG = Duration.ofMinutes(1).toNanos();

    private final Waiters waiters = new Waiters();

    @Test
    void a_change_between_entering_and_waiting_is_not_missed() throws InterruptedException {
        try (Waiters.Waiter waiter = waiters.enter(KEY)) {
            waiters.changed(Bytes.wrap(KEY.clone()));
            waiter.await(LONG);
        }
    }

    @Test
    void all_who_wait_for_a_key_hear_of_it_and_so_they_do_when_a_partition_moves() throws InterruptedException {
        try (Waiters.Waiter one = waiters.enter(KEY);
                Waiters.Waiter two = waiters.enter(KEY)) {
            waiters.changed(Bytes.wrap(KEY));
            one.await(LONG);
            two.await(LONG);
            waiters.moved();
            one.await(LONG);
            two.await(LONG);
        }
    }

    @Test
    void a_change_of_another_key_or_an_old_one_ends_no_wait() throws InterruptedException {
        long wait = Duration.ofMillis(20).toNanos();
        try (Waiters.Waiter waiter = waiters.enter(KEY)) {
            waiters.changed(Bytes.wrap(KEY));
            waiters.changed(Bytes.wrap(KEY));
            waiter.await(LONG);
            waiters.changed(Bytes.wrap("b".getBytes(StandardCharsets.UTF_8)));

            long before = System.nanoTime();
            waiter.await(wait);
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(wait);
        }
    }

    @Test
    void who_waits_where_nothing_changes_any_more_looks_again_and_is_told() throws InterruptedException {
        try (Waiters.Waiter before = waiters.enter(KEY)) {
            waiters.end();
            assertThatThrownBy(() -> before.await(LONG)).isInstanceOf(TableUnavailableException.class);
        }
        try (Waiters.Waiter after = waiters.enter(KEY)) {
            assertThatThrownBy(() -> after.await(LONG)).isInstanceOf(TableUnavailableException.class);
        }
    }
}
