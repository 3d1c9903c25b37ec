package dev.annals.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.embedded.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class QuickstartIT {
    private static final String STAND_IN = StandIn.class.getName();

    @TempDir
    Path folder;

    private final Ports ports = new Ports(
            FreePorts.any(), FreePorts.any(), FreePorts.any(), FreePorts.any(), FreePorts.any(), FreePorts.any());
    private final Recorder progress = new Recorder();

    @AfterEach
    void leave_nothing_running() {
        quickstart(STAND_IN).down();
    }

    @Test
    void up_starts_what_is_missing_and_down_stops_all() throws Exception {
        Quickstart quickstart = quickstart(STAND_IN);
        quickstart.up(progress);
        List<ProcessStatus> first = quickstart.status();
        assertThat(first).extracting(ProcessStatus::state).containsOnly(ProcessStatus.State.READY);
        assertThat(progress.ready).containsExactlyInAnyOrder("Kafka broker", "schema registry", "stand-in");

        quickstart.up(progress);
        assertThat(quickstart.status()).as("twice is harmless").isEqualTo(first);

        kill(first.getLast());
        assertThat(quickstart.status().getLast().state()).isEqualTo(ProcessStatus.State.STOPPED);
        quickstart.up(progress);
        List<ProcessStatus> again = quickstart.status();
        assertThat(again.subList(0, 2)).as("what runs stays").isEqualTo(first.subList(0, 2));
        assertThat(again.getLast().state()).isEqualTo(ProcessStatus.State.READY);

        assertThat(quickstart.down()).isEqualTo(3);
        assertThat(quickstart.status()).extracting(ProcessStatus::state).containsOnly(ProcessStatus.State.STOPPED);
        assertThat(quickstart.down()).isZero();
    }

    @Test
    void a_port_in_use_is_named_before_anything_starts() throws Exception {
        try (ServerSocket taken = new ServerSocket(ports.commands(), 1, InetAddress.getLoopbackAddress())) {
            Quickstart quickstart = quickstart(STAND_IN);

            assertThatThrownBy(() -> quickstart.up(progress))
                    .isInstanceOf(QuickstartException.class)
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()))
                    .hasMessageContaining("stand-in")
                    .message()
                    .hasLineCount(1);
            assertThat(quickstart.status()).extracting(ProcessStatus::state).containsOnly(ProcessStatus.State.STOPPED);
        }
    }

    @Test
    void a_process_that_ends_at_its_start_is_named_with_its_cause_and_log() {
        assertThatThrownBy(() -> quickstart("no.such.Main").up(progress))
                .isInstanceOf(QuickstartException.class)
                .hasMessageContaining("no.such.Main")
                .hasMessageContaining("stand-in.log")
                .message()
                .hasLineCount(1);
    }

    private Quickstart quickstart(String mainClass) {
        return new Quickstart(
                new DataFolder(folder),
                ports,
                List.of(new Service("stand-in", "stand-in", mainClass, ports.commands())));
    }

    private static void kill(ProcessStatus status) throws Exception {
        ProcessHandle process = ProcessHandle.of(status.pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().get(10, TimeUnit.SECONDS);
    }

    private static final class Recorder implements Progress {
        private final List<String> ready = new ArrayList<>();

        @Override
        public void ready(String title, Duration sinceStart) {
            ready.add(title);
        }

        @Override
        public void waiting(List<String> titles, Duration sinceStart) {}
    }
}
