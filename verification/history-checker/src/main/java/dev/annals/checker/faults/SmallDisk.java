package dev.annals.checker.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A file system of a fixed size, in memory, that can be filled up: a tmpfs, which only root may mount. */
final class SmallDisk implements AutoCloseable {

    private static final String PREFIX = "annals-fault-";
    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final Path OWN_UID = Path.of("/proc/self");
    private static final int COMMAND_LIMIT_SECONDS = 20;
    private static final int BLOCK = 4_096;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Why none can be mounted here. */
    static Optional<String> obstacle() {
        try {
            boolean root = Files.getAttribute(OWN_UID, "unix:uid").equals(0);
            return root ? Optional.empty() : Optional.of("only root can mount a tmpfs");
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.of("no tmpfs can be mounted here: " + e);
        }
    }

    /** Also removes those that a checker has left which was killed. */
    static SmallDisk mounted(Path folder, int megabytes) throws IOException, InterruptedException {
        removeOrphans();
        Files.createDirectories(folder);
        run("mount", "-t", "tmpfs", "-o", "size=%dm".formatted(megabytes), PREFIX + ownId(), folder.toString());
        return new SmallDisk(folder);
    }

    private static long ownId() {
        return ProcessHandle.current().pid();
    }

    private static void removeOrphans() throws IOException, InterruptedException {
        for (String mount : Files.readAllLines(MOUNTS)) {
            String[] fields = mount.split(" ", 3);
            if (fields[0].startsWith(PREFIX)
                    && ProcessHandle.of(Long.parseLong(fields[0].substring(PREFIX.length())))
                            .isEmpty()) {
                run("umount", "-l", fields[1]);
            }
        }
    }

    Path folder() {
        return folder;
    }

    private Path ballast() {
        return folder.resolve("ballast");
    }

    /** Leaves not a byte. */
    void fill() throws IOException {
        FileStore disk = Files.getFileStore(folder);
        try (OutputStream out = Files.newOutputStream(ballast())) {
            byte[] block = new byte[BLOCK];
            for (long left = disk.getTotalSpace(); left > 0; left -= BLOCK) {
                out.write(block);
            }
        } catch (IOException full) {
            if (disk.getUsableSpace() > 0) {
                throw full;
            }
        }
    }

    /** What {@link #fill} took. */
    void free() throws IOException {
        Files.deleteIfExists(ballast());
    }

    @Override
    public void close() {
        try {
            run("umount", "-l", folder.toString()); // also where a process that was killed has not quite ended
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        List<String> said = new ArrayList<>();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.inputReader()) {
            output.lines().forEach(said::add);
        }
        if (!process.waitFor(COMMAND_LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("%s: %s".formatted(String.join(" ", command), said));
        }
    }
}
