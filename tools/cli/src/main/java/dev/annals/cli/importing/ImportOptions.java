package dev.annals.cli.importing;

import dev.annals.cli.client.QueryAddress;
import dev.annals.cli.client.ServiceClient;
import dev.annals.cli.client.Target;
import dev.annals.cli.kafka.KafkaOptions;
import dev.annals.cli.progress.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all imports have in common on the command line. */
final class ImportOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private final QueryAddress queries = new QueryAddress();

    @Option(names = "--json", description = "Print one JSON value, for machines")
    private boolean json;

    /** What an import needs of the installation that it is sent to. */
    record Connected(Importer importer, ServiceClient queries) {}

    /** Finds the target, and names it before anything is sent. */
    Connected connect() {
        Connected connected = new Connected(new Importer(kafka.access(target)), queries.client(target));
        if (!json) {
            target.announce(commandLine().getOut());
        }
        return connected;
    }

    static List<InputFile> files(List<Path> paths) {
        return paths.stream().map(InputFile::of).toList();
    }

    LongFunction<Progress> progress(String task) {
        if (json) {
            return total -> Progress.silent();
        }
        return total -> Progress.of(err(), task, "commands decided", total);
    }

    /** @return the exit code */
    int print(ImportReport report) {
        PrintWriter out = commandLine().getOut();
        if (json) {
            report.printJson(out);
        } else {
            report.printText(out);
        }
        List<String> failures = report.failures();
        failures.forEach(failure -> err().println("annals: " + failure));
        err().flush();
        return failures.isEmpty() ? 0 : 1;
    }

    private PrintWriter err() {
        return commandLine().getErr();
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(command).commandLine();
    }
}
