package dev.annals.checker;

import dev.annals.checker.history.Call;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;

/**
 * The folder of a run: the data and the logs of all processes, and the history where there is something to find in it.
 */
public record Evidence(Path folder) {

    public static Evidence inNewFolder() throws IOException {
        return new Evidence(Files.createTempDirectory("annals-checker-"));
    }

    /** Adds the history as text, a line each. */
    Path write(Report report) throws IOException {
        write("report.txt", report.lines().stream());
        write("calls.txt", report.history().calls().stream().sorted(Comparator.comparingLong(Call::invoked)));
        write("events.txt", report.history().events().stream());
        write("results.txt", report.history().results().stream());
        write("journal.txt", report.history().journal().stream());
        return folder;
    }

    private void write(String file, Stream<?> lines) throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(folder.resolve(file)))) {
            lines.forEach(out::println);
        }
    }

    public void delete() throws IOException {
        Utils.delete(folder.toFile());
    }
}
