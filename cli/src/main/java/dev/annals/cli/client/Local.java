package dev.annals.cli.client;

import dev.annals.quickstart.Ports;
import dev.annals.quickstart.Quickstart;
import java.nio.file.Path;
import java.util.List;

/** The addresses to take where no option names one: the environment's, else those of what {@code annals up} last started. */
public final class Local {

    private static final String HOST = "127.0.0.1";

    private Local() {}

    /** The value of an environment variable, if it has one. */
    public static String or(String variable, String otherwise) {
        String value = System.getenv(variable);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }

    /** Those of the last start in the data folder, or the default ones. */
    public static Ports ports() {
        return Quickstart.recordedPorts(data());
    }

    /** The jars of further domains in the data folder. */
    public static List<Path> domainJars() {
        return Quickstart.domainJars(data());
    }

    private static Path data() {
        return Path.of(or("ANNALS_DATA", "data"));
    }

    public static String http(int port) {
        return "http://" + HOST + ":" + port;
    }

    public static String hostAndPort(int port) {
        return HOST + ":" + port;
    }
}
