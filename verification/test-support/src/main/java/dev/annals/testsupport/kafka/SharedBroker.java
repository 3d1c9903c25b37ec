package dev.annals.testsupport.kafka;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** The one broker of this JVM, with one admin client. */
final class SharedBroker implements AutoCloseable {
    private static final List<String> FAST_START = List.of("-XX:TieredStopAtLevel=1");
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final TemporaryFolder folder = new TemporaryFolder("annals-broker");
    private final BrokerProcess broker =
            BrokerProcess.start(BrokerConfig.in(folder.path()).withJvmOptions(FAST_START));
    private final Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));

    BrokerProcess broker() {
        return broker;
    }

    Admin admin() {
        return admin;
    }

    @Override
    public void close() {
        admin.close(CLOSE_LIMIT);
        broker.kill(); // its data goes with it
        folder.delete();
    }
}
