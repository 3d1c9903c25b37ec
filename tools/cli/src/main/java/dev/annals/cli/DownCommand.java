package dev.annals.cli;

import dev.annals.cli.client.Target;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stops what `up` started: services first, then registry and broker. The data stay.")
final class DownCommand implements Callable<Integer> {
    @Mixin
    private final Target target = new Target();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        int stopped = target.installation().down();
        if (json.wanted) {
            JsonOption.print(out, Map.of("stopped", stopped));
        } else {
            out.println(stopped == 0 ? "Nothing was running." : "Stopped " + stopped + " processes.");
            out.flush();
        }
        return 0;
    }
}
