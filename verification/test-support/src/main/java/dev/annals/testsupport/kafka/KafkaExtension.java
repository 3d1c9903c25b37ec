package dev.annals.testsupport.kafka;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
        SharedBroker broker = root(context).getOrComputeIfAbsent(SharedBroker.class);
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

    /** The one broker of this JVM, with one admin client. */
    static final class SharedBroker implements AutoCloseable {
        private static final List<String> FAST_START = List.of("-XX:TieredStopAtLevel=1");
        private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

        private final Path folder = Files.createTempDirectory("annals-broker");
        final BrokerProcess broker = BrokerProcess.start(BrokerConfig.in(folder).withJvmOptions(FAST_START));
        final Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));

        SharedBroker() throws IOException {}

        @Override
        public void close() throws IOException {
            admin.close(CLOSE_LIMIT);
            broker.kill();
            Utils.delete(folder.toFile());
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
