package dev.annals.cli;

import dev.annals.engine.kafka.Instruction;
import dev.annals.operations.Instances;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code annals processes skip}: a word to a parked instance. */
@Command(
        name = "skip",
        description = {
            "Has a parked instance pass over the input that it is parked with, for ever, and go on with what waits.",
            "The journal keeps who and why. An instance that is not parked is told nothing."
        },
        footer = {
            "",
            "Example: annals processes skip transfers 4711 --reason \"booked by hand, ticket 4711\"",
            "Exit code: 0 the process service has taken it on; 1 it has not; 2 wrong usage."
        })
final class SkipInputCommand extends Action implements Runnable {

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final ProcessAddress processes = new ProcessAddress();

    @Parameters(index = "0", paramLabel = "PROCESS", description = "For instance transfers")
    private String process = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Of the instance")
    private String id = "";

    @Mixin
    private final InstructionOptions by = new InstructionOptions();

    @Override
    public void run() {
        Instruction instruction = by.instruction(output);
        Instances instances = new Instances(processes.client(target), process);
        output.announce(target);
        instances.skip(id, instruction);
        output.print(
                Map.of("process", process, "id", id, "told", "skip"),
                List.of("%s %s passes over what it is parked with, see: %s"
                        .formatted(process, id, target.hint("processes %s %s".formatted(process, id)))));
    }
}
