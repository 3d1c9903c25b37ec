package dev.annals.cli;

import dev.annals.cli.client.Target;
import dev.annals.quickstart.ProcessStatus;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Tells how each process is. Exit code 0 only if all are ready.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final Target target = new Target();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        List<ProcessStatus> processes = target.installation().status();
        if (json.wanted) {
            JsonOption.print(out, processes);
        } else {
            processes.forEach(process -> out.println(line(process)));
            out.flush();
        }
        return processes.stream().allMatch(process -> process.state() == ProcessStatus.State.READY) ? 0 : 1;
    }

    private static String line(ProcessStatus process) {
        String state = process.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return switch (process.state()) {
            case STOPPED -> "%-18s %s".formatted(process.title(), state);
            case READY -> "%-18s %-9s pid %-7d %s".formatted(process.title(), state, process.pid(), process.address());
            case NOT_READY ->
                "%-18s %-9s pid %-7d log: %s".formatted(process.title(), state, process.pid(), process.log());
        };
    }
}
