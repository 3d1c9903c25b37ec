package dev.annals.testsupport.kafka;

import java.util.UUID;
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
        cluster(context); // so that a broker that can't start fails the class once, and no test's time includes its
        // start
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
                ? root(context).getOrComputeIfAbsent(SharedRegistry.class).url()
                : "mock://" + testClass.getSimpleName() + "-" + UUID.randomUUID();
    }

    private static ExtensionContext.Store root(ExtensionContext context) {
        return context.getRoot().getStore(SHARED);
    }
}
