package dev.annals.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code annals commands}: what operators do with the commands that wait to be decided. */
@Command(
        name = "commands",
        description = "Commands that wait to be decided.",
        mixinStandardHelpOptions = true,
        subcommands = SkipCommandCommand.class)
final class CommandsCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                Objects.requireNonNull(spec).commandLine(), "Which? annals commands skip");
    }
}
