package dev.annals.console;

import java.util.Arrays;
import java.util.Optional;

/** A service whose public HTTP API is forwarded under {@code /api/NAME}. */
enum Upstream {
    COMMAND("command", 8080),
    QUERY("query", 8081),
    PROJECTOR("projector", 8082),
    PROCESS("process", 8083);

    private final String path;
    private final int defaultPort;

    Upstream(String path, int defaultPort) {
        this.path = path;
        this.defaultPort = defaultPort;
    }

    /** The name in paths. */
    String path() {
        return path;
    }

    /** Of the setting with the addresses of its instances. */
    String key() {
        return "annals.console.%s.urls".formatted(path);
    }

    String defaultAddress() {
        return "http://127.0.0.1:" + defaultPort;
    }

    static Optional<Upstream> of(String path) {
        return Arrays.stream(values()).filter(each -> each.path.equals(path)).findFirst();
    }
}
