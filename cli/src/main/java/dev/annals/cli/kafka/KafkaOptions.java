package dev.annals.cli.kafka;

import dev.annals.cli.client.Local;
import dev.annals.core.kafka.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where Kafka and the schema registry are. */
public final class KafkaOptions {

    private static final String REGISTRY_PATH = "/apis/ccompat/v7";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka brokers (default: ANNALS_KAFKA_BOOTSTRAP_SERVERS, or that of `annals up`)")
    private @Nullable String bootstrap;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "Schema registry (default: ANNALS_KAFKA_SCHEMA_REGISTRY_URL, or that of `annals up`)")
    private @Nullable String registry;

    @Option(
            names = "--topics-prefix",
            paramLabel = "PREFIX",
            description = "Before every topic's name (default: ANNALS_TOPICS_PREFIX, or none)")
    private @Nullable String prefix;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description =
                    "Properties for the Kafka clients and the serializers: TLS, SASL, credentials of the registry")
    private @Nullable Path config;

    public KafkaAccess access() {
        return new KafkaAccess(
                bootstrap != null
                        ? bootstrap
                        : Local.or(
                                "ANNALS_KAFKA_BOOTSTRAP_SERVERS",
                                Local.hostAndPort(Local.ports().broker())),
                registry != null
                        ? registry
                        : Local.or(
                                "ANNALS_KAFKA_SCHEMA_REGISTRY_URL",
                                Local.http(Local.ports().registry()) + REGISTRY_PATH),
                topics(),
                settings());
    }

    private Topics topics() {
        try {
            return new Topics(prefix != null ? prefix : Local.or("ANNALS_TOPICS_PREFIX", ""));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()), e);
        }
    }

    private Map<String, String> settings() {
        Properties properties = new Properties();
        if (config != null) {
            try (Reader reader = Files.newBufferedReader(config)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw wrong("--kafka-config %s can't be read: %s".formatted(config, e), e);
            }
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }

    private ParameterException wrong(String message, Exception cause) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), message, cause);
    }
}
