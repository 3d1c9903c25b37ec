package dev.annals.cli.importing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code annals import}. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Imports recorded data: as commands, through the topics.",
        subcommands = {ImportOnlineRetail.class, ImportBerka.class})
public final class ImportCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "Which data?");
    }
}
