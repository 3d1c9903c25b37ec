package dev.annals.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM of this machine holds at one moment, as the system and the JDK's tools say it.
 *
 * @param heap bytes of objects, after full collections that are asked for here
 * @param resident bytes of memory, heap and all else (RSS)
 * @param sockets open connections, also of clients of Kafka
 * @param files open, those of stores for the most part
 * @param series in its {@code /metrics}
 */
public record Footprint(long heap, long resident, int threads, int sockets, int files, int series) {

    private static final Path TOOLS = Path.of(System.getProperty("java.home"), "bin");
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final List<String> USED = List.of("S0U", "S1U", "EU", "OU");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final int KIB = 1024;

    /** Cleaners and weak references give up what they hold only after a first one. */
    private static final int COLLECTIONS = 2;

    /**
     * Looks at a process; it stands still for as long as its collections take.
     *
     * @param metrics what it answers to {@code /metrics}; empty of one that has none
     * @throws IOException if it is gone, or does not answer within a minute
     */
    public static Footprint of(long pid, String metrics) throws IOException, InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            run("jcmd", Long.toString(pid), "GC.run");
        }
        Path process = Path.of("/proc", Long.toString(pid));
        List<String> status = Files.readAllLines(process.resolve("status"));
        return new Footprint(
                heap(run("jstat", "-gc", Long.toString(pid))),
                KIB * number(status, "VmRSS:"),
                (int) number(status, "Threads:"),
                count(process.resolve("fd"), true),
                count(process.resolve("fd"), false),
                (int) metrics.lines().filter(line -> !line.startsWith("#")).count());
    }

    /** The classes of all objects of a process with their numbers and sizes, a line each; throws as {@link #of}. */
    public static List<String> histogram(long pid) throws IOException, InterruptedException {
        return run("jcmd", Long.toString(pid), "GC.class_histogram");
    }

    private static long heap(List<String> statistics) {
        List<String> names = BLANKS.splitAsStream(statistics.getFirst().strip()).toList();
        List<String> values = BLANKS.splitAsStream(statistics.get(1).strip()).toList();
        double used = 0;
        for (String name : USED) {
            used += Double.parseDouble(values.get(names.indexOf(name)));
        }
        return (long) (used * KIB);
    }

    private static long number(List<String> status, String name) throws IOException {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow(() -> new IOException("the system does not say " + name));
    }

    private static int count(Path folder, boolean sockets) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return (int) files.filter(file -> isSocket(file) == sockets).count();
        }
    }

    private static boolean isSocket(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private static List<String> run(String tool, String... arguments) throws IOException, InterruptedException {
        String[] command = Stream.concat(Stream.of(TOOLS.resolve(tool).toString()), Stream.of(arguments))
                .toArray(String[]::new);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().lines().toList();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + ": " + String.join("; ", lines));
        }
        return lines;
    }
}
