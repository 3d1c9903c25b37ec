package dev.annals.checker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkIT {

    private static final String REFUSED = "refused";
    private static final String SILENT = "silent";
    private static final int CLOSED = 9;

    private Network network;

    @BeforeEach
    void make() {
        Optional<String> obstacle = Network.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        network = new Network(List.of("a", "b"));
    }

    @AfterEach
    void remove() {
        if (network != null) {
            network.close();
        }
    }

    /** What becomes of a connection to a port where nobody listens. */
    private String knock(String from, String address) {
        List<String> command = new ArrayList<>(network.launcher(from));
        command.addAll(List.of(
                "bash",
                "-c",
                "timeout 1 bash -c 'exec 3<>/dev/tcp/%s/%d' 2>/dev/null; [ $? = 124 ] && echo silent || echo refused"
                        .formatted(address, CLOSED)));
        return Shell.run(command.toArray(String[]::new)).strip();
    }

    @Test
    void hosts_reach_each_other_until_they_are_cut_and_when_that_is_healed() {
        assertThat(knock("a", network.address("b"))).isEqualTo(REFUSED);

        network.cut("b", "a"); // the answer is dropped

        assertThat(knock("a", network.address("b"))).isEqualTo(SILENT);
        assertThat(knock("a", network.self())).isEqualTo(REFUSED);

        network.heal();

        assertThat(knock("a", network.address("b"))).isEqualTo(REFUSED);
    }

    @Test
    void all_is_lost_where_everything_is_but_what_a_host_tells_this_jvm() {
        network.lose("b", 30);
        network.lose("a", 100);

        assertThat(knock("a", network.address("b"))).isEqualTo(SILENT);
        assertThat(knock("b", network.address("a"))).isEqualTo(SILENT);
        assertThat(knock("a", network.self())).isEqualTo(REFUSED);
    }

    @Test
    void what_is_led_through_this_jvm_comes_later() throws IOException {
        Duration delay = Duration.ofMillis(300);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SlowRelay relay = new SlowRelay(network.self(), "127.0.0.1", server.getLocalPort(), delay)) {
            network.redirect("a", Map.of("b", relay.port()));
            List<String> command = new ArrayList<>(network.launcher("a"));
            command.addAll(List.of(
                    "bash",
                    "-c",
                    "exec 3<>/dev/tcp/%s/%d; echo question >&3; timeout 10 head -n 1 <&3"
                            .formatted(network.address("b"), CLOSED)));
            Thread echo = Thread.ofVirtual().start(() -> answer(server));
            long asked = System.nanoTime();

            assertThat(Shell.run(command.toArray(String[]::new)).strip()).isEqualTo("question");

            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThan(delay.multipliedBy(2));
            echo.interrupt();
        }
    }

    private static void answer(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.getOutputStream().write(client.getInputStream().readNBytes("question\n".length()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothing_is_left_when_it_is_closed() {
        String own = "annals-%d-".formatted(ProcessHandle.current().pid());
        assertThat(Shell.run("ip", "netns", "list")).contains(own);

        network.close();

        assertThat(Shell.run("ip", "netns", "list")).doesNotContain(own);
        assertThat(Shell.run("ip", "link"))
                .doesNotContain("annals" + ProcessHandle.current().pid());
    }

    @Test
    void what_a_process_that_has_ended_left_behind_is_removed() throws IOException, InterruptedException {
        network.close(); // there is one at a time
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        String left = "annals-%d-broker-1".formatted(ended.pid());
        Shell.run("ip", "netns", "add", left);

        new Network(List.of()).close();

        assertThat(Shell.run("ip", "netns", "list")).doesNotContain(left);
    }
}
