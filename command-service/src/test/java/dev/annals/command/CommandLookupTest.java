package dev.annals.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.annals.command.CommandLookup.Found;
import dev.annals.command.CommandLookup.Pending;
import dev.annals.command.CommandLookup.Sought;
import dev.annals.command.CommandLookup.Unavailable;
import dev.annals.command.CommandLookup.Unknown;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.lanes.KeptResults.Kept;
import dev.annals.service.http.PeerClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two partitions: this instance has {@code accounts/0}, others have {@code accounts/1}. */
class CommandLookupTest {

    private static final Kept STORED = new Kept(
            new CommandResult(
                    "c1",
                    "Deposit",
                    "accounts",
                    "a",
                    Outcome.REJECTED,
                    0,
                    List.of(),
                    "no",
                    "no",
                    false,
                    Instant.EPOCH,
                    null),
            Instant.ofEpochSecond(5));
    private static final SearchedPartitions HERE = new SearchedPartitions(Set.of("accounts/0"));
    private static final String OTHERS = "{\"partitions\":[\"accounts/1\"]}";

    private final PendingCommands pending = new PendingCommands(() -> Instant.EPOCH);
    private final PeerClient client = new PeerClient();
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<HostInfo> peers = new ArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>(); // each peer has a thread of its own
    private CommandLookup.Status stored = new CommandLookup.Unknown(HERE);

    @AfterEach
    void stop() {
        client.close();
        servers.forEach(server -> server.stop(0));
    }

    private CommandLookup.Status find(boolean passedOn) {
        return new CommandLookup(
                        sought -> pending.contains(sought.commandId()),
                        sought -> stored,
                        Set.of("accounts/0", "accounts/1"),
                        () -> peers,
                        client)
                .find(new Sought("a/b", null, "/v1/commands/a%2Fb"), passedOn, null);
    }

    private CommandLookup.Status find() {
        return find(false);
    }

    private void peer(int status, String body, String... decided) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                asked.add(exchange.getRequestURI().getRawPath() + " "
                        + exchange.getRequestHeaders().containsKey("X-Annals-Hop"));
                if (decided.length > 0) {
                    exchange.getResponseHeaders().add(CommandLookup.DECIDED, decided[0]);
                }
                byte[] bytes = body.getBytes(UTF_8);
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            server.start();
            servers.add(server);
            peers.add(new HostInfo("127.0.0.1", server.getAddress().getPort()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void deadPeer() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            peers.add(new HostInfo("127.0.0.1", free.getLocalPort()));
        }
    }

    @Test
    void a_result_that_is_known_here_is_told_without_asking_anybody() {
        peer(404, OTHERS);

        stored = CommandLookup.found(STORED);
        assertThat(find()).isInstanceOf(Found.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void a_command_that_was_sent_here_is_pending_until_anybody_has_its_result() throws IOException {
        peer(404, OTHERS);
        deadPeer();
        pending.add("a/b");
        assertThat(find()).isInstanceOf(Pending.class);

        peer(200, "{\"n\":1}", "1000");
        assertThat(find()).isInstanceOf(Found.class);
    }

    @Test
    void a_stored_result_is_told_with_its_time() {
        stored = CommandLookup.found(STORED);
        assertThat(find()).isInstanceOfSatisfying(Found.class, found -> {
            assertThat(found.json()).contains("\"commandId\":\"c1\"", "\"outcome\":\"rejected\"");
            assertThat(found.decided()).isEqualTo(STORED.decided());
        });
    }

    @Test
    void who_is_asked_by_another_instance_asks_nobody() {
        peer(200, "{}", "7");

        assertThat(find(true)).isEqualTo(new Unknown(HERE));
        assertThat(asked).isEmpty();
    }

    @Test
    void of_several_results_elsewhere_the_newest_counts_even_if_somebody_is_silent() throws IOException {
        peer(200, "{\"n\":1}", "1000");
        peer(200, "{\"n\":2}", "2000");
        peer(202, "{}");
        peer(404, OTHERS);
        deadPeer();

        assertThat(find()).isEqualTo(new Found("{\"n\":2}", Instant.ofEpochSecond(2)));
        assertThat(asked).hasSize(4).containsOnly("/v1/commands/a%2Fb true");
    }

    @Test
    void pending_anywhere_is_pending() throws IOException {
        peer(404, OTHERS);
        peer(202, "{}");
        deadPeer();

        assertThat(find()).isInstanceOf(Pending.class);
    }

    @Test
    void unknown_is_what_all_say_over_all_partitions() {
        peer(404, OTHERS);

        assertThat(find()).isInstanceOf(Unknown.class);
    }

    @Test
    void a_partition_that_nobody_looked_into_may_have_it() {
        peer(404, "{\"partitions\":[]}");

        assertThat(find())
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        unavailable -> assertThat(unavailable.why())
                                .contains("accounts/1")
                                .doesNotContain("accounts/0"));
    }

    @Test
    void an_instance_that_does_not_answer_may_have_it() throws IOException {
        peer(404, OTHERS);
        deadPeer();

        assertThat(find()).isInstanceOf(Unavailable.class);
    }

    @Test
    void an_instance_without_an_address_may_have_it() {
        peer(404, OTHERS);
        peers.add(HostInfo.unavailable());

        assertThat(find()).isInstanceOf(Unavailable.class);
    }

    @Test
    void who_answers_something_else_has_not_answered() {
        peer(404, OTHERS);
        peer(404, "<html>not here</html>");
        assertThat(find()).isInstanceOf(Unavailable.class);

        peers.removeLast();
        peer(500, "");
        assertThat(find()).isInstanceOf(Unavailable.class);
    }
}
