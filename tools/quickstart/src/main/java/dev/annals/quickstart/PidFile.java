package dev.annals.quickstart;

import dev.annals.engine.files.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Finds a process again that an earlier command started.
 *
 * <p>Systems give the pid of a process that has ended to another one, so the file also holds the time at which the
 * process started: a process is ours only if both are right.
 */
record PidFile(Path path) {

    /** Systems compute the start from the boot time, which moves when the clock is set. */
    private static final Duration TOLERANCE = Duration.ofSeconds(3);

    void write(ProcessHandle process) {
        long started = process.info().startInstant().orElse(Instant.now()).toEpochMilli();
        try {
            OwnerOnly.write(path, process.pid() + " " + started + "\n");
        } catch (IOException e) {
            throw new QuickstartException("Can't write " + path + ": " + e.getMessage(), e);
        }
    }

    /** The process, if it still runs and is the one that was written down. */
    Optional<ProcessHandle> running() {
        try {
            String[] fields = Files.readString(path).strip().split(" ", -1);
            Instant started = Instant.ofEpochMilli(Long.parseLong(fields[1]));
            return ProcessHandle.of(Long.parseLong(fields[0])).filter(process -> isSame(process, started));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException noneOrBroken) {
            return Optional.empty();
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new QuickstartException("Can't delete " + path + ": " + e.getMessage(), e);
        }
    }

    private static boolean isSame(ProcessHandle process, Instant started) {
        return process.isAlive()
                && !isZombie(process)
                && process.info()
                        .startInstant()
                        .map(start -> Duration.between(start, started).abs().compareTo(TOLERANCE) <= 0)
                        .orElse(false);
    }

    /** In a container whose first process does not collect ended processes, they stay as entries without a program. */
    static boolean isZombie(ProcessHandle process) {
        try {
            return isZombie(Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat")));
        } catch (IOException notLinuxOrGone) {
            return false;
        }
    }

    /**
     * A process whose first thread has ended is a zombie already while other threads still end, and until the last one
     * has, it holds its ports.
     *
     * @param stat as Linux has it in {@code /proc/PID/stat}
     */
    static boolean isZombie(String stat) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        String state = afterName[0];
        String threads = afterName[17];
        return state.equals("Z") && threads.equals("1");
    }
}
