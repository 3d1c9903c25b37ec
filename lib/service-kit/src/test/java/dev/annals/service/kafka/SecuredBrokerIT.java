package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.FreePorts;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import dev.annals.service.TestDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker with a listener on which clients say who they are, and clients that say it wrongly. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SecuredBrokerIT {

    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"ann\" password=\"%s\"";

    private final int port = FreePorts.any();
    private final BrokerProcess broker;

    SecuredBrokerIT(@TempDir Path folder) {
        BrokerConfig config = BrokerConfig.in(folder);
        broker = BrokerProcess.start(config.with(
                        "listeners",
                        "CLIENTS://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d,SECURED://127.0.0.1:%d"
                                .formatted(config.port(), config.controllerPort(), port))
                .with(
                        "advertised.listeners",
                        "CLIENTS://127.0.0.1:%d,SECURED://127.0.0.1:%d".formatted(config.port(), port))
                .with("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_PLAINTEXT")
                .with("listener.name.secured.sasl.enabled.mechanisms", "PLAIN")
                .with(
                        "listener.name.secured.plain.sasl.jaas.config",
                        LOGIN.formatted("right") + " user_ann=\"right\";"));
    }

    @AfterAll
    void stop() {
        broker.kill(); // its data goes with it
    }

    private void provision(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("kafka.bootstrap.servers", "127.0.0.1:" + port);
        new TopicProvisioner(ServiceConfig.of(Settings.of(settings), 0))
                .provision(new Domains(List.of(new TestDomain("counters"))));
    }

    /** By every client that a start has: those of topics, and of the catalog. */
    @Test
    void a_password_can_be_fetched_of_a_file(@TempDir Path folder) throws IOException {
        Path secrets = Files.writeString(folder.resolve("kafka.properties"), "password=right");

        provision(Map.of(
                "annals.topics.replication.factor",
                "1",
                "kafka.config.providers",
                "file",
                "kafka.config.providers.file.class",
                "org.apache.kafka.common.config.provider.FileConfigProvider",
                "kafka.security.protocol",
                "SASL_PLAINTEXT",
                "kafka.sasl.mechanism",
                "PLAIN",
                "kafka.sasl.jaas.config",
                LOGIN.formatted("${file:%s:password}".formatted(secrets)) + ";"));
    }

    /** Waiting does not mend it: the limit of this test is half the time for which a broker is waited. */
    @Test
    void a_wrong_password_ends_the_start_at_once_and_is_told() {
        assertThatThrownBy(() -> provision(Map.of(
                        "kafka.security.protocol",
                        "SASL_PLAINTEXT",
                        "kafka.sasl.mechanism",
                        "PLAIN",
                        "kafka.sasl.jaas.config",
                        LOGIN.formatted("wrong") + ";")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("Kafka at 127.0.0.1:%d refuses".formatted(port))
                .hasMessageContaining("SaslAuthenticationException: Authentication failed");
    }

    @Test
    void who_does_not_say_who_he_is_is_told_that_the_listener_may_want_it() {
        assertThatThrownBy(() -> provision(Map.of("annals.startup.timeout.seconds", "1")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("is not of kafka.security.protocol=PLAINTEXT");
    }
}
