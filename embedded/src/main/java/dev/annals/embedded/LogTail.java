package dev.annals.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The end of a process's log, to say in one line why the process ended. */
public final class LogTail {
    private static final int MAX_TAIL_BYTES = 64 << 10;

    private LogTail() {}

    /**
     * The line that most likely says why: the last root cause, else the last error, else the last line.
     *
     * @return nothing when the log is missing or empty
     */
    public static Optional<String> cause(Path logFile) {
        List<String> lines = lines(logFile);
        return last(lines, line -> line.startsWith("Caused by:"))
                .or(() -> last(lines, LogTail::isError))
                .or(() -> last(lines, line -> !line.startsWith("\tat ")))
                .map(String::strip);
    }

    private static boolean isError(String line) {
        return !line.startsWith("\tat ")
                && (line.contains("ERROR")
                        || line.contains("FATAL")
                        || line.contains("Exception")
                        || line.contains("Error:"));
    }

    private static Optional<String> last(List<String> lines, Predicate<String> wanted) {
        return lines.reversed().stream().filter(wanted).findFirst();
    }

    private static List<String> lines(Path logFile) {
        try (RandomAccessFile file = new RandomAccessFile(logFile.toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(file.length(), MAX_TAIL_BYTES)];
            file.seek(file.length() - tail.length);
            file.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException missing) {
            return List.of();
        }
    }
}
