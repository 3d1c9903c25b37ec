package dev.annals.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says which installation a command is about. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            defaultValue = "${env:ANNALS_DATA:-data}",
            description = "Folder with everything that is kept (default: ANNALS_DATA, or ./data)")
    Path folder = Path.of("data");
}
