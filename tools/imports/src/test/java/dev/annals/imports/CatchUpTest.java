package dev.annals.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.imports.CatchUp.Reached;
import dev.annals.operations.ServiceClient;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CatchUpTest {

    private static final int ENOUGH = 10;
    private static final int COMPLETE = 20;
    /** Nothing listens on port 1 of the loopback. */
    private static final URI NOBODY = URI.create("http://127.0.0.1:1");

    private static final Duration STEP = Duration.ofSeconds(1);

    private final AtomicLong now = new AtomicLong();
    private final CatchUp<Integer> catchUp = new CatchUp<>(now::get, () -> now.addAndGet(STEP.toNanos()));

    @Test
    void complete_ends_the_wait_at_once() {
        assertThat(await(20).reached()).isEqualTo(Reached.COMPLETE);
        assertThat(now).hasValue(0);
    }

    @Test
    void enough_is_taken_when_it_is_at_rest() {
        assertThat(await(9, 10, 11, 12).value()).isEqualTo(12);
        assertThat(seconds()).isBetween(CatchUp.REST.toSeconds(), CatchUp.REST.toSeconds() + 5);
    }

    @Test
    void too_little_is_given_up_when_it_does_not_change() {
        assertThat(await(3).reached()).isEqualTo(Reached.NOT_ENOUGH);
        assertThat(seconds()).isBetween(CatchUp.PATIENCE.toSeconds(), CatchUp.PATIENCE.toSeconds() + 2);
    }

    @Test
    void enough_is_not_at_rest_while_nobody_answers() {
        AtomicLong reads = new AtomicLong();

        var outcome = catchUp.await(() -> answerAfterAnOutage(reads.getAndIncrement()), CatchUpTest::judge);

        assertThat(outcome.reached()).isEqualTo(Reached.COMPLETE);
    }

    private static int answerAfterAnOutage(long read) {
        if (read > 0 && read < 4 * CatchUp.REST.toSeconds()) {
            new ServiceClient("query service", NOBODY).get("/v1/orders");
        }
        return read == 0 ? ENOUGH : COMPLETE;
    }

    @Test
    void what_changes_for_ever_is_given_up_too() {
        Iterator<Integer> changing = IntStream.iterate(-1, it -> it - 1).iterator();

        var outcome = catchUp.await(changing::next, CatchUpTest::judge);

        assertThat(outcome.reached()).isEqualTo(Reached.NOT_ENOUGH);
        assertThat(seconds()).isBetween(CatchUp.LIMIT.toSeconds(), CatchUp.LIMIT.toSeconds() + 2);
    }

    private long seconds() {
        return Duration.ofNanos(now.get()).toSeconds();
    }

    /** The last value stays. */
    private CatchUp.LastRead<Integer> await(int... values) {
        AtomicLong reads = new AtomicLong();
        return catchUp.await(
                () -> values[(int) Math.min(reads.getAndIncrement(), values.length - 1)], CatchUpTest::judge);
    }

    private static Reached judge(int value) {
        return value >= COMPLETE ? Reached.COMPLETE : value >= ENOUGH ? Reached.ENOUGH : Reached.NOT_ENOUGH;
    }
}
