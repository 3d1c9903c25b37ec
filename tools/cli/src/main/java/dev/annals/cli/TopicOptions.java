package dev.annals.cli;

import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import dev.annals.service.TopicSettings;
import java.nio.file.Path;
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
        try {
            return TopicSettings.of(
                    Settings.load(config == null ? new String[0] : new String[] {"--config", config.toString()}));
        } catch (StartupException e) {
            throw new ParameterException(
                    java.util.Objects.requireNonNull(command).commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
