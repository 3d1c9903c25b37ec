package dev.annals.cli;

import dev.annals.engine.kafka.Topics;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** By which an installation's topics are told from those of others. */
final class PrefixOption {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--topics-prefix",
            order = Action.CONNECTION,
            paramLabel = "PREFIX",
            description = "Before every topic's name (default: ANNALS_TOPICS_PREFIX, or none)")
    private @Nullable String prefix;

    Topics topics(Target target) {
        try {
            return new Topics(
                    prefix != null ? prefix : Objects.requireNonNullElse(target.variable("ANNALS_TOPICS_PREFIX"), ""));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Objects.requireNonNull(command).commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
