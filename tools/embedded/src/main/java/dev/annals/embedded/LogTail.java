package dev.annals.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The end of a process's log, to say in one line why the process ended. */
public final class LogTail {
    private static final int MAX_TAIL_BYTES = 64 << 10;
    private static final String BEGINNING = "==== ";
    private static final Pattern LEVEL = Pattern.compile("\\b(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\\b");
    private static final Set<String> ERROR_LEVELS = Set.of("ERROR", "FATAL");

    private LogTail() {}

    /** Begins what one run of the process has logged: what stands before it is of earlier runs. */
    static String beginning(String process) {
        return BEGINNING + process + " is started at " + Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * The line that most likely says why the last run ended: its last error or root cause, else its last line.
     *
     * @return nothing when the log is missing, or this run has logged nothing
     */
    public static Optional<String> cause(Path logFile) {
        List<String> lines = ofLastRun(lines(logFile));
        return last(lines, LogTail::isError)
                .or(() -> last(lines, line -> !isNested(line)))
                .map(String::strip);
    }

    private static List<String> ofLastRun(List<String> lines) {
        int end = lines.size();
        int begin = end;
        while (begin > 0 && !lines.get(begin - 1).startsWith(BEGINNING)) {
            begin--;
        }
        return lines.subList(begin, end);
    }

    /** A line with a level is what its level says, whatever words are in it. */
    private static boolean isError(String line) {
        Matcher level = LEVEL.matcher(line);
        return level.find()
                ? ERROR_LEVELS.contains(level.group())
                : !isNested(line)
                        && (line.contains("Exception") || line.contains("Error:") || line.startsWith("Caused by:"));
    }

    /** Frames of a stack trace, and what was suppressed on the way. */
    private static boolean isNested(String line) {
        return line.startsWith("\t");
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
