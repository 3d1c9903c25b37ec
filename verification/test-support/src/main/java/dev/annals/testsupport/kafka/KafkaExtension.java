package dev.annals.testsupport.kafka;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Keeps the shared processes in JUnit's root store, which closes them when the last test class has run. */
final class KafkaExtension implements BeforeAllCallback, ParameterResolver {
    private static final Namespace SHARED = Namespace.create(KafkaExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        // So that a broker that can't start fails the class once, and no test's time includes its start.
        cluster(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KafkaCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return cluster(context);
    }

    private static KafkaCluster cluster(ExtensionContext context) {
        Class<?> testClass = context.getRequiredTestClass();
        return root(context).getOrComputeIfAbsent(testClass, any -> newCluster(context, testClass), KafkaCluster.class);
    }

    private static KafkaCluster newCluster(ExtensionContext context, Class<?> testClass) {
        WithKafka wanted = testClass.getAnnotation(WithKafka.class);
        int brokers = wanted == null ? 1 : wanted.brokers();
        SharedBroker broker =
                root(context).getOrComputeIfAbsent(brokers, any -> new SharedBroker(brokers), SharedBroker.class);
        return new KafkaCluster(broker, registryUrl(context, testClass));
    }

    private static String registryUrl(ExtensionContext context, Class<?> testClass) {
        WithKafka wanted = testClass.getAnnotation(WithKafka.class);
        return wanted != null && wanted.registry()
                ? root(context)
                        .getOrComputeIfAbsent(SharedRegistry.class)
                        .registry
                        .url()
                : "mock://" + testClass.getSimpleName() + "-" + UUID.randomUUID();
    }

    private static ExtensionContext.Store root(ExtensionContext context) {
        return context.getRoot().getStore(SHARED);
    }

    /** The one cluster of so many brokers of this JVM, with one admin client. */
    static final class SharedBroker implements AutoCloseable {
        private static final List<String> FAST_START = List.of("-XX:TieredStopAtLevel=1");

        /** Three of them stand beside services and a registry. */
        private static final List<String> SMALL = List.of("-Xms64m", "-Xmx256m", "-XX:TieredStopAtLevel=1");

        private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

        private final Path folder;
        final List<BrokerProcess> brokers;
        final Admin admin;

        SharedBroker(int brokers) {
            this.folder = newFolder("annals-broker");
            List<BrokerProcess> started = new ArrayList<>();
            BrokerConfig first = BrokerConfig.in(folder.resolve("1")).withJvmOptions(brokers == 1 ? FAST_START : SMALL);
            started.add(BrokerProcess.start(first));
            this.admin = Admin.create(Map.of("bootstrap.servers", first.bootstrapServers()));
            for (int node = 2; node <= brokers; node++) {
                started.add(BrokerProcess.start(BrokerConfig.in(folder.resolve(Integer.toString(node)))
                        .withJvmOptions(SMALL)
                        .joining(first, clusterId(), node)));
            }
            this.brokers = List.copyOf(started);
        }

        private String clusterId() {
            try {
                return admin.describeCluster().clusterId().get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("The first broker doesn't say of which cluster it is", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while starting brokers", e);
            }
        }

        @Override
        public void close() throws IOException {
            admin.close(CLOSE_LIMIT);
            brokers.forEach(BrokerProcess::kill);
            Utils.delete(folder.toFile());
        }
    }

    private static Path newFolder(String prefix) {
        try {
            return Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't make a folder for a broker: " + e.getMessage(), e);
        }
    }

    /** The one schema registry of this JVM. */
    private static final class SharedRegistry implements AutoCloseable {
        private final Path folder = Files.createTempDirectory("annals-registry");
        private final RegistryProcess registry = RegistryProcess.start(RegistryConfig.in(folder));

        SharedRegistry() throws IOException {}

        @Override
        public void close() throws IOException {
            registry.kill();
            Utils.delete(folder.toFile());
        }
    }
}
