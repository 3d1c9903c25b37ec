package dev.annals.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "down",
        description = "Stops what `up` started: services first, then registry and broker. The data stay.")
final class DownCommand extends Action implements Runnable {
    @Mixin
    private final Target target = new Target();

    @Override
    public void run() {
        int stopped = target.installation().down();
        output.print(
                Map.of("stopped", stopped),
                List.of(stopped == 0 ? "Nothing was running." : "Stopped " + stopped + " processes."));
    }
}
