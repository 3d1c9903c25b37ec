package dev.annals.cli;

import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import dev.annals.service.TopicSettings;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the services of an installation are told of topics. */
final class TopicOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings of the services, for annals.topics.*; variables such as "
                    + "ANNALS_TOPICS_PARTITIONS go before them")
    private @Nullable Path config;

    TopicSettings settings() {
        return settings(all());
    }

    /** All settings of the services. */
    Settings all() {
        return right(
                () -> Settings.load(config == null ? new String[0] : new String[] {"--config", config.toString()}));
    }

    /** Those of topics among them. */
    TopicSettings settings(Settings all) {
        return right(() -> TopicSettings.of(all));
    }

    private <T> T right(Supplier<T> settings) {
        try {
            return settings.get();
        } catch (StartupException e) {
            throw new ParameterException(
                    Objects.requireNonNull(command).commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
