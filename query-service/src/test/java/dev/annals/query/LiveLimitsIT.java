package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An instance with little patience and few places. */
@Tag("long")
@WithKafka
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveLimitsIT {

    private static final String EVENTS = "/v1/accounts/*/events";
    private static final Duration SOON = Duration.ofSeconds(20);

    private final KafkaCluster kafka;
    private final Installation installation;
    private Instance instance;

    LiveLimitsIT(KafkaCluster kafka) {
        this.kafka = kafka;
        this.installation = new Installation(kafka);
    }

    @BeforeAll
    void start(@TempDir Path state) {
        instance = installation.start(
                state, Map.of("annals.http.idle.timeout.seconds", "2", "annals.query.live.readers", "2"));
        installation.awaitReady();
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    /** Of a meter with these tags; 0 where there is none yet. */
    private double metric(String nameAndTags) {
        return instance.text("/metrics")
                .lines()
                .filter(line -> line.startsWith(nameAndTags + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(nameAndTags.length() + 1)))
                .sum();
    }

    /** Its window is small, so little is under way between the server and it. */
    private Socket readerThatNeverReads(String path) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), instance.port()));
        socket.getOutputStream()
                .write("GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
                        .formatted(path)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void who_takes_nothing_is_cut_off_and_makes_room() throws Exception {
        String long100k = "x".repeat(100_000);
        for (int version = 1; version <= 100; version++) {
            installation.event(
                    "slow",
                    version,
                    "MoneyDeposited",
                    "2011-01-04T10:00:00Z",
                    Map.of("amount", "1", "reference", long100k));
        }
        instance.await("/v1/accounts/slow/events?from=100");
        double sent = metric("annals_live_sent_total{kind=\"type\"}");
        try (Socket one = readerThatNeverReads(EVENTS + "?from=first");
                Socket two = readerThatNeverReads(EVENTS + "?from=first");
                Socket three = readerThatNeverReads("/v1/accounts/slow/events")) {
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> metric("annals_live_readers{kind=\"type\"}") == 2
                            && metric("annals_live_readers{kind=\"aggregate\"}") == 1);
            try (LiveReader refused = instance.live(EVENTS)) {
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("Retry-After")).isEqualTo("1");
            }

            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> metric("annals_live_ended_total{kind=\"type\",reason=\"slow\"}") == 2
                            && metric("annals_live_ended_total{kind=\"aggregate\",reason=\"slow\"}") == 1);
            assertThat(metric("annals_live_readers{kind=\"type\"}")).isZero();
            assertThat(metric("annals_live_sent_total{kind=\"type\"}")).isBetween(sent, sent + 199);
            assertThat(one.isClosed() || two.isClosed() || three.isClosed()).isFalse();
        }
        try (LiveReader welcome = instance.live(EVENTS)) {
            assertThat(welcome.status()).isEqualTo(200);
        }
    }

    @Test
    void a_quiet_reader_stays_beyond_the_idle_timeout() throws Exception {
        try (LiveReader reader = instance.live(EVENTS)) {
            reader.heartbeats(4); // one each two thirds of a second

            installation.deposits("quiet", 1, 1);

            assertThat(reader.next()).isPresent();
        }
    }

    @Test
    void while_kafka_is_away_a_reader_waits() throws Exception {
        try (LiveReader reader = instance.live(EVENTS)) {
            reader.firstPosition();
            kafka.broker().pause();
            try {
                reader.heartbeats(4);
            } finally {
                kafka.broker().resume();
            }

            installation.deposits("away", 1, 1);

            assertThat(reader.next().orElseThrow().data().get("id").asText()).isEqualTo("accounts/away/1");
        }
    }
}
