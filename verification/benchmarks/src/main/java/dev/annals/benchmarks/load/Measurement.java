package dev.annals.benchmarks.load;

import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.StartFailedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A program that measures. Exit code 1 when something went wrong, 2 when the arguments are wrong. */
@Command(mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true)
abstract class Measurement implements Callable<Integer> {

    static final String LOG_CONFIGURATION = "dev/annals/benchmarks/load/logback.xml";

    private static final int FAILED = 1;

    abstract void measure() throws Exception;

    @Override
    public Integer call() throws Exception {
        measure();
        return 0;
    }

    /** Runs the program and ends the process; what a user can mend is one line. */
    static void run(Measurement program, String... args) {
        System.setProperty("logback.configurationFile", LOG_CONFIGURATION);
        if (System.getProperty(RegistryConfig.HOME_PROPERTY) == null) {
            System.setProperty(RegistryConfig.HOME_PROPERTY, builtRegistry().toString());
        }
        System.exit(new CommandLine(program)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    if (failure instanceof LoadException || failure instanceof StartFailedException) {
                        System.err.println(line.getCommandName() + ": " + failure.getMessage());
                    } else {
                        failure.printStackTrace();
                    }
                    return FAILED;
                })
                .execute(args));
    }

    /** The build unpacks it in the module {@code embedded}, whose target folder is beside that of this jar. */
    private static Path builtRegistry() {
        Path code = Path.of(Measurement.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        return code.resolve("../../../../tools/embedded/target/registry").normalize();
    }

    static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    /**
     * Looks now and then until it is so.
     *
     * @param what for messages
     * @throws LoadException if it is not within the limit
     */
    static void await(String what, Duration limit, Duration pause, Callable<Boolean> isSo) throws Exception {
        long start = System.nanoTime();
        while (!isSo.call()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new LoadException("gave up waiting for %s after %d s".formatted(what, limit.toSeconds()));
            }
            Thread.sleep(pause);
        }
    }
}
