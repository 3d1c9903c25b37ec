package dev.annals.quickstart;

import dev.annals.engine.files.OwnerOnly;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The folder that holds everything that the quickstart keeps.
 *
 * <p>{@code broker}, {@code registry} and {@code state} are the data, {@code config} is written at every start,
 * {@code domains} takes jars of further domains, {@code logs} and {@code run} (pid files) are for people. All but the
 * data can be deleted while nothing runs.
 */
record DataFolder(Path root) {

    /** Below this a broker can't roll its first segments; far more is needed for real data. */
    static final long MIN_FREE_BYTES = 512L << 20;

    /** Made before anything is put into them, for its owner alone. */
    private static final List<String> FOLDERS =
            List.of("broker", "registry", "state", "config", "domains", "logs", "run");

    DataFolder {
        root = root.toAbsolutePath().normalize();
    }

    Path broker() {
        return root.resolve("broker");
    }

    Path registry() {
        return root.resolve("registry");
    }

    Path state(Part part) {
        return root.resolve("state").resolve(part.fileName());
    }

    Path log(Part part) {
        return root.resolve("logs").resolve(part.fileName() + ".log");
    }

    Path config(Part part) {
        return config(part.fileName());
    }

    /** The ports of the last start: a folder without them holds no installation. */
    Path ports() {
        return config("ports");
    }

    private Path config(String name) {
        return root.resolve("config").resolve(name + ".properties");
    }

    Path pid(Part part) {
        return root.resolve("run").resolve(part.fileName() + ".pid");
    }

    /** Of all data folders that the same build serves, where the command line's script says which that is. */
    Path classArchives() {
        String ofTheBuild = System.getProperty("annals.class.archives");
        return ofTheBuild == null ? root.resolve("cds") : Path.of(ofTheBuild);
    }

    /**
     * The jars of further domains, in the order of their names.
     *
     * @throws QuickstartException if others than this user and root could have put one there: a command that is run in
     *     somebody else's folder must not run his code
     */
    List<Path> domainJars() {
        if (!Files.isDirectory(domains())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(domains())) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            if (!jars.isEmpty()) {
                requireOurs(root);
                requireOurs(domains());
            }
            for (Path jar : jars) {
                requireOurs(jar);
            }
            return jars;
        } catch (IOException e) {
            throw new QuickstartException("Can't read the folder " + domains() + ": " + reason(e), e);
        }
    }

    private static void requireOurs(Path path) throws IOException {
        String why = OwnerOnly.whyWritableByOthers(path);
        if (why != null) {
            throw new QuickstartException("The jars of domains are not loaded, since " + why
                    + ", if you trust what is in it, or choose another folder with --data");
        }
    }

    /**
     * Makes the folders.
     *
     * @throws QuickstartException if it can't be written or the disk is full
     */
    void prepare() {
        try {
            for (String folder : FOLDERS) {
                OwnerOnly.createDirectories(root.resolve(folder));
            }
            Path probe = root.resolve("run").resolve("probe");
            Files.writeString(probe, "can be written");
            Files.delete(probe);
        } catch (IOException e) {
            throw new QuickstartException(
                    "The data folder " + root + " can't be written (" + reason(e) + "): choose another with --data", e);
        }
        requireSpace();
    }

    /** Whether processes were ever started in it. Stopping needs no more: it must work on a disk that is full. */
    boolean isPrepared() {
        return Files.isDirectory(root.resolve("run"));
    }

    /** Lets one command at a time start or stop processes on this data. The lock ends with this JVM at the latest. */
    FileChannel lock() {
        try {
            FileChannel channel = FileChannel.open(
                    root.resolve("run").resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new QuickstartException("Another annals command starts or stops the processes of " + root
                        + " right now: wait until it has ended");
            }
            return channel;
        } catch (IOException e) {
            throw new QuickstartException("Can't lock the data folder " + root + ": " + reason(e), e);
        }
    }

    void write(Path file, Properties properties) {
        try (Writer out = new OutputStreamWriter(OwnerOnly.newOutputStream(file), StandardCharsets.UTF_8)) {
            properties.store(out, "Written at every start of the quickstart");
        } catch (IOException e) {
            throw new QuickstartException("Can't write " + file + ": " + reason(e), e);
        }
    }

    Properties read(Path file) {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                properties.load(in);
            } catch (IOException e) {
                throw new QuickstartException("Can't read " + file + ": " + reason(e), e);
            }
        }
        return properties;
    }

    /** Brings a file back to what {@link #read} has said of it; nothing means that there was none. */
    void restore(Path file, Properties before) {
        if (before.isEmpty()) {
            deleteIfExists(file);
        } else {
            write(file, before);
        }
    }

    private static void deleteIfExists(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new QuickstartException("Can't delete " + file + ": " + reason(e), e);
        }
    }

    private Path domains() {
        return root.resolve("domains");
    }

    private void requireSpace() {
        long free = root.toFile().getUsableSpace();
        if (free < MIN_FREE_BYTES) {
            throw new QuickstartException(
                    "The disk of the data folder " + root + " is full: " + (free >> 20) + " MiB are free, "
                            + (MIN_FREE_BYTES >> 20) + " MiB are needed; make room or choose another with --data");
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }
}
