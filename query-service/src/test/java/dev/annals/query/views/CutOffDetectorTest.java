package dev.annals.query.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.query.table.PauseDetector;
import dev.annals.service.Workers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;

class CutOffDetectorTest {

    private static final HostInfo OTHER = new HostInfo("other", 8081);
    private static final HostInfo SILENT = new HostInfo("silent", 8081);
    private static final Duration LONG = CutOffDetector.SILENT_AFTER.plusMillis(1);

    private final Workers workers = new Workers(new SimpleMeterRegistry());
    private final PauseDetector pauses = new PauseDetector(workers);
    private final Map<HostInfo, Duration> others = new LinkedHashMap<>();
    private Duration here = Duration.ZERO;
    private final CutOffDetector detector = new CutOffDetector(() -> here, others::keySet, this::ask, pauses, workers);

    private CompletableFuture<Duration> ask(HostInfo other) {
        return other.equals(SILENT)
                ? CompletableFuture.failedFuture(new IllegalStateException("no answer"))
                : CompletableFuture.completedFuture(others.get(other));
    }

    private void look(Duration sinceAnswer) {
        here = sinceAnswer;
        detector.look();
    }

    @Test
    void who_hears_nothing_while_another_does_answers_nothing_and_is_not_ready() {
        others.put(SILENT, Duration.ZERO);
        others.put(OTHER, LONG.minus(CutOffDetector.APART).minusMillis(1));

        look(LONG);

        assertThat(pauses.isRecovered()).isFalse();
        assertThat(detector.reasonsAgainst()).hasSize(1);
    }

    @Test
    void where_kafka_is_away_for_all_everybody_goes_on() {
        others.put(OTHER, LONG.minus(CutOffDetector.APART));

        look(LONG);

        assertThat(pauses.isRecovered()).isTrue();
        assertThat(detector.reasonsAgainst()).isEmpty();
    }

    @Test
    void who_is_alone_or_reaches_nobody_goes_on() {
        look(LONG);
        others.put(SILENT, Duration.ZERO);
        look(LONG);

        assertThat(pauses.isRecovered()).isTrue();
    }

    @Test
    void nobody_is_asked_while_kafka_answers_here() {
        others.put(OTHER, Duration.ZERO);

        look(CutOffDetector.SILENT_AFTER);

        assertThat(pauses.isRecovered()).isTrue();
    }

    @Test
    void what_was_recovered_from_while_it_is_cut_off_counts_for_nothing() {
        others.put(OTHER, Duration.ZERO);
        look(LONG);
        pauses.recoveredFrom(pauses.stops());

        look(LONG.plusSeconds(1));

        assertThat(pauses.isRecovered()).isFalse();
    }

    @Test
    void it_recovers_when_kafka_answers_again() {
        others.put(OTHER, Duration.ZERO);
        look(LONG);

        look(Duration.ZERO);
        pauses.recoveredFrom(pauses.stops());

        assertThat(pauses.isRecovered()).isTrue();
        assertThat(detector.reasonsAgainst()).isEmpty();
    }
}
