package dev.annals.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.Uuid;

/**
 * The main class of the broker's JVM: formats the storage when it is new, then runs Kafka's own main class.
 *
 * <p>Formatting in this JVM saves starting another one (1.6 s on two cores). The storage tool writes
 * {@code meta.properties} last, so a format that was cut short is done again.
 */
final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] args) throws Throwable {
        Path serverProperties = Path.of(args[0]);
        FileLock lock = lock(serverProperties.resolveSibling("lock"));
        try {
            if (!isFormatted(serverProperties)) {
                format(serverProperties);
            }
            ChildMain.run("kafka.Kafka", serverProperties.toString());
        } finally {
            lock.release();
        }
    }

    /**
     * Kafka's own lock comes too late in combined mode: a second broker first reads the metadata log that the first one
     * writes, and takes it for corrupt. The lock goes with the process.
     */
    private static FileLock lock(Path file) throws IOException {
        FileLock lock = FileChannel.open(file, CREATE, WRITE).tryLock();
        if (lock == null) {
            throw new IllegalStateException("Another broker uses the data in " + file.getParent());
        }
        return lock;
    }

    private static boolean isFormatted(Path serverProperties) throws IOException {
        return Files.exists(Path.of(settings(serverProperties).getProperty("log.dirs"), "meta.properties"));
    }

    private static Properties settings(Path serverProperties) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = new FileInputStream(serverProperties.toFile())) {
            properties.load(in);
        }
        return properties;
    }

    private static void format(Path serverProperties) throws Throwable {
        // By name: Kafka's server is on the run-time class path only, so that no module compiles against it.
        MethodHandle execute = MethodHandles.publicLookup()
                .findStatic(
                        Class.forName("kafka.tools.StorageTool"),
                        "execute",
                        MethodType.methodType(int.class, String[].class, PrintStream.class));
        String file = serverProperties.toString();
        String joined = settings(serverProperties).getProperty(BrokerConfig.CLUSTER_ID);
        String[] command = joined == null
                ? new String[] {
                    "format", "--standalone", "-t", Uuid.randomUuid().toString(), "-c", file
                }
                : new String[] {"format", "-t", joined, "-c", file};
        int exitCode = (int) execute.invokeExact(command, System.out);
        if (exitCode != 0) {
            throw new IllegalStateException("Formatting the broker's storage ended with exit code " + exitCode);
        }
    }
}
