package dev.annals.cli;

import dev.annals.quickstart.ProcessStatus;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "status", description = "Tells how each process is. Exit code 0 only if all are ready.")
final class StatusCommand extends Action implements Callable<Integer> {
    @Mixin
    private final Target target = new Target();

    @Override
    public Integer call() {
        List<ProcessStatus> processes = target.installation().status();
        output.print(processes, processes.stream().map(StatusCommand::line).toList());
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
