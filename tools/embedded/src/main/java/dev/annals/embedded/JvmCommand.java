package dev.annals.embedded;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How to start one JVM: the same Java as this JVM, output appended to a log file.
 *
 * @param name what people call the process, in messages
 * @param classPath in the form of {@code java.class.path}; passed in the environment, so that {@code ps} stays readable
 * @param jvmOptions heap, collector, system properties
 * @param mainClass with a {@code public static void main(String[])}
 * @param arguments of the main class
 * @param logFile takes standard output and standard error; its folder is made
 * @param launcher what stands before {@code java}, and becomes it: {@code ip netns exec NAME}, {@code env NAME=VALUE}
 */
public record JvmCommand(
        String name,
        String classPath,
        List<String> jvmOptions,
        String mainClass,
        List<String> arguments,
        Path logFile,
        List<String> launcher) {

    /** A log longer than this is set aside as {@code <name>.1} when the process starts; one older log is kept. */
    static final long MAX_LOG_BYTES = 16L << 20;

    /** Kafka, RocksDB and compressors load native code, of which newer JVMs warn unless somebody allows it. */
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    /** A JVM that has met an OutOfMemoryError may have lost any thread: it ends, and is started again. */
    private static final String EXIT_WHEN_OUT_OF_MEMORY = "-XX:+ExitOnOutOfMemoryError";

    public JvmCommand {
        jvmOptions = List.copyOf(jvmOptions);
        arguments = List.copyOf(arguments);
        launcher = List.copyOf(launcher);
    }

    /** Without a launcher. */
    public JvmCommand(
            String name,
            String classPath,
            List<String> jvmOptions,
            String mainClass,
            List<String> arguments,
            Path logFile) {
        this(name, classPath, jvmOptions, mainClass, arguments, logFile, List.of());
    }

    /** The class path of this JVM; right under Surefire too, whose booter jar names the real one in its manifest. */
    public static String ownClassPath() {
        return System.getProperty("java.class.path");
    }

    /** The folder or jar that holds the classes of this module, for a child that must not see the others. */
    static String moduleClassPath() {
        return Path.of(JvmCommand.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
    }

    public JvmCommand withJvmOptions(List<String> more) {
        return new JvmCommand(
                name,
                classPath,
                Stream.concat(jvmOptions.stream(), more.stream()).toList(),
                mainClass,
                arguments,
                logFile,
                launcher);
    }

    public JvmCommand withLauncher(List<String> newLauncher) {
        return new JvmCommand(name, classPath, jvmOptions, mainClass, arguments, logFile, newLauncher);
    }

    /**
     * Maps loaded and linked classes from a file in this folder ({@link ClassArchive}), which the JVM makes when it
     * first ends orderly. Processes of one name share it.
     *
     * @param folder is made when missing; where it can't be, the start is as slow as the first one
     * @param shared what the class path begins with wherever processes of this name are started from the same build;
     *     one that has more behind it uses the archive, but makes none
     */
    public JvmCommand withClassArchive(Path folder, String shared) {
        return withJvmOptions(new ClassArchive(folder, name.replace(' ', '-'), shared, ClassArchive.Kind.ofThisJava())
                .options(classPath.equals(shared)));
    }

    /** Whether an option of a running JVM says that it makes its class archive when it ends, which takes it seconds. */
    public static boolean makesArchive(String option) {
        return ClassArchive.makes(option);
    }

    /**
     * Starts the process and returns without waiting for it to be ready.
     *
     * @throws UncheckedIOException if the log can't be written or the JVM can't be started; the message names which
     */
    public Process start(Lifetime lifetime) {
        return start(lifetime, Set.of());
    }

    /**
     * As {@link #start(Lifetime)}.
     *
     * @param hidden variables of this JVM's environment that the child must not see
     */
    public Process start(Lifetime lifetime, Set<String> hidden) {
        prepareLog();
        ProcessBuilder builder = new ProcessBuilder(commandLine(lifetime))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(logFile.toFile()));
        if (lifetime == Lifetime.DETACHED) {
            builder.redirectInput(Redirect.from(new File("/dev/null")));
        }
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(hidden);
        environment.put("CLASSPATH", classPath);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't start " + name + ": " + e.getMessage(), e);
        }
    }

    List<String> commandLine(Lifetime lifetime) {
        List<String> line = new ArrayList<>();
        if (lifetime == Lifetime.DETACHED) {
            detacher().ifPresent(line::add);
        }
        line.addAll(launcher);
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add(NATIVE_ACCESS);
        line.add(EXIT_WHEN_OUT_OF_MEMORY);
        line.addAll(jvmOptions);
        if (lifetime == Lifetime.WITH_PARENT) {
            line.add(ChildMain.class.getName());
        }
        line.add(mainClass);
        line.addAll(arguments);
        return line;
    }

    /**
     * {@code setsid} takes the child out of the terminal's session; where it is missing, {@code nohup} ignores the
     * hang-up.
     */
    private static Optional<String> detacher() {
        return Stream.of("/usr/bin/setsid", "/bin/setsid", "/usr/bin/nohup")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
    }

    private void prepareLog() {
        try {
            Files.createDirectories(logFile.toAbsolutePath().getParent());
            if (Files.exists(logFile) && Files.size(logFile) > MAX_LOG_BYTES) {
                Files.move(
                        logFile,
                        logFile.resolveSibling(logFile.getFileName() + ".1"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(logFile, LogTail.beginning(name) + "\n", CREATE, APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Can't write the log of " + name + ", " + logFile + ": " + e.getMessage(), e);
        }
    }
}
