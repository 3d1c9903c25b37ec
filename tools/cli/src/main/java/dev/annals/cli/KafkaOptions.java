package dev.annals.cli;

import dev.annals.cli.Target.Given;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.quickstart.Part;
import dev.annals.service.SecretsInClear;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a command acts on, with the connection settings of Kafka and the schema registry. */
final class KafkaOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Mixin
    private final Target target = new Target();

    @Option(
            names = "--bootstrap",
            order = Action.CONNECTION,
            paramLabel = "HOST:PORT",
            description = "Kafka brokers (default: ANNALS_KAFKA_BOOTSTRAP_SERVERS, or that of the installation)")
    private @Nullable String bootstrap;

    @Option(
            names = "--registry",
            order = Action.CONNECTION,
            paramLabel = "URL",
            description = "Schema registry (default: ANNALS_KAFKA_SCHEMA_REGISTRY_URL, or that of the installation)")
    private @Nullable String registry;

    @Mixin
    private final PrefixOption prefix = new PrefixOption();

    @Option(
            names = "--kafka-config",
            order = Action.CONNECTION,
            paramLabel = "FILE",
            description =
                    "Properties for the Kafka clients and the serializers: TLS, SASL, credentials of the registry")
    private @Nullable Path config;

    Target target() {
        return target;
    }

    /** Brokers and schema registry. */
    KafkaAccess access() {
        String brokers = brokers();
        Given given = new Given("--registry URL", registry, "ANNALS_KAFKA_SCHEMA_REGISTRY_URL");
        return new KafkaAccess(brokers, target.address(Part.REGISTRY, given), prefix.topics(target), settings());
    }

    /** For a command that needs no schemas, and so no address of a registry. */
    KafkaAccess accessToBrokers() {
        return new KafkaAccess(brokers(), null, prefix.topics(target), settings());
    }

    private String brokers() {
        return target.address(
                Part.BROKER, new Given("--bootstrap HOST:PORT", bootstrap, "ANNALS_KAFKA_BOOTSTRAP_SERVERS"));
    }

    private Map<String, String> settings() {
        Properties properties = new Properties();
        if (config != null) {
            try (Reader reader = Files.newBufferedReader(config)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw wrong("--kafka-config %s can't be read: %s".formatted(config, e), e);
            }
            SecretsInClear.warn(config, properties);
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }

    private ParameterException wrong(String message, Exception cause) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), message, cause);
    }
}
