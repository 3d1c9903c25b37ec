package dev.annals.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.embedded.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class QuickstartIT {
    private static final String STAND_IN = StandIn.class.getName();

    @TempDir
    Path folder;

    private final Ports ports = new Ports(
            FreePorts.any(),
            FreePorts.any(),
            FreePorts.any(),
            FreePorts.any(),
            FreePorts.any(),
            FreePorts.any(),
            FreePorts.any(),
            FreePorts.any());
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
        assertThat(Files.readString(folder.resolve("logs").resolve("registry.log")))
                .as("warnings of the JVM")
                .doesNotContain("WARNING:");
        assertThat(progress.ready).containsExactlyInAnyOrder("Kafka broker", "schema registry", "command service");

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
                    .hasMessageContaining("command service")
                    .message()
                    .hasLineCount(1);
            assertThat(quickstart.status()).extracting(ProcessStatus::state).containsOnly(ProcessStatus.State.STOPPED);
            assertThat(Quickstart.existing(folder))
                    .as("no ports are remembered")
                    .isEmpty();
        }
    }

    @Tag("heavy")
    @Test
    void a_start_that_fails_names_its_cause_and_log_and_leaves_nothing() {
        Quickstart broken = quickstart("no.such.Main");

        assertThatThrownBy(() -> broken.up(progress))
                .isInstanceOf(QuickstartException.class)
                .hasMessageContaining("no.such.Main")
                .hasMessageContaining("command-service.log")
                .message()
                .hasLineCount(1);
        assertThat(broken.status()).extracting(ProcessStatus::state).containsOnly(ProcessStatus.State.STOPPED);
        assertThat(Quickstart.existing(folder)).as("no ports are remembered").isEmpty();
    }

    @Tag("long")
    @Test
    void a_start_that_fails_leaves_what_ran_before() {
        quickstart(STAND_IN).upKafka(progress);
        List<ProcessStatus> before = quickstart(STAND_IN).status();

        assertThatThrownBy(() -> quickstart("no.such.Main").up(progress)).isInstanceOf(QuickstartException.class);

        assertThat(quickstart(STAND_IN).status()).isEqualTo(before);
        assertThat(Quickstart.recordedPorts(folder)).contains(ports);
    }

    @Tag("long")
    @Test
    void a_process_that_is_still_ending_is_waited_for_and_started_again() throws Exception {
        Quickstart quickstart = quickstart(SlowToEnd.class.getName());
        quickstart.up(progress);
        ProcessStatus ending = quickstart.status().getLast();
        try (SlowToEnd.Hold hold = SlowToEnd.hold(folder)) {
            ProcessHandle.of(ending.pid()).orElseThrow().destroy();
            Awaitility.await()
                    .atMost(10, TimeUnit.SECONDS)
                    .until(() -> quickstart.status().getLast().state() == ProcessStatus.State.NOT_READY);

            quickstart.up(new Recorder() {
                @Override
                public void waiting(List<String> titles, Duration sinceStart) {
                    hold.release(); // not before it has been seen alive
                }
            });
        }

        ProcessStatus again = quickstart.status().getLast();
        assertThat(again.state()).isEqualTo(ProcessStatus.State.READY);
        assertThat(again.pid()).isNotEqualTo(ending.pid());
    }

    private Quickstart quickstart(String mainClass) {
        return new Quickstart(
                new DataFolder(folder),
                ports,
                List.of(new Service(Part.COMMANDS, mainClass, ports.commands(), List.of())));
    }

    private static void kill(ProcessStatus status) throws Exception {
        ProcessHandle process = ProcessHandle.of(status.pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().get(10, TimeUnit.SECONDS);
    }

    private static class Recorder implements StartListener {
        private final List<String> ready = new ArrayList<>();

        @Override
        public void ready(String title, Duration sinceStart) {
            ready.add(title);
        }

        @Override
        public void waiting(List<String> titles, Duration sinceStart) {}
    }
}
