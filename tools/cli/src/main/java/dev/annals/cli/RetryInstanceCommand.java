package dev.annals.cli;

import dev.annals.operations.Instances;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code annals processes retry}: a word to a parked instance. */
@Command(
        name = "retry",
        description = {
            "Has a parked instance try again what it is parked with, and then what waits.",
            "An instance that is not parked is told nothing."
        },
        footer = {
            "",
            "Example: annals processes retry transfers 4711",
            "Exit code: 0 the process service has taken it on; 1 it has not; 2 wrong usage."
        })
final class RetryInstanceCommand extends Action implements Runnable {

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final ProcessAddress processes = new ProcessAddress();

    @Parameters(index = "0", paramLabel = "PROCESS", description = "For instance transfers")
    private String process = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Of the instance")
    private String id = "";

    @Override
    public void run() {
        Instances instances = new Instances(processes.client(target), process);
        output.announce(target);
        instances.retry(id);
        output.print(
                Map.of("process", process, "id", id, "told", "retry"),
                List.of("%s %s tries again, see: %s"
                        .formatted(process, id, target.hint("processes %s %s".formatted(process, id)))));
    }
}
