package dev.annals.service;

import dev.annals.engine.files.OwnerOnly;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for credentials that stand in a properties file as they are, where others than its owner may read it. */
public final class SecretsInClear {

    /** Of Kafka's clients, of its TLS and login modules, and of the registry's. */
    private static final Pattern SECRET = Pattern.compile(
            "(?i).*(password|secret|jaas\\.config|basic\\.auth\\.user\\.info|auth\\.token|keystore\\.key)");

    /** What a {@code config.providers} fetches. */
    private static final String ELSEWHERE = "${";

    private static final Logger LOG = LoggerFactory.getLogger(SecretsInClear.class);

    private SecretsInClear() {}

    /**
     * Warns. It is no refusal: a secret that a container has mounted is often readable by a group, or by all, and
     * nobody else is in the container.
     *
     * @param settings what was read from the file
     */
    public static void warn(Path file, Map<?, ?> settings) {
        SortedSet<String> secrets = new TreeSet<>();
        settings.forEach((key, value) -> {
            if (isSecret(key.toString()) && isInClear(value.toString())) {
                secrets.add(key.toString());
            }
        });
        try {
            if (!secrets.isEmpty() && OwnerOnly.isReadByOthers(file)) {
                LOG.atWarn()
                        .log(
                                "{} may be read by others than its owner, and has credentials in clear ({}): chmod 600 {}"
                                        + ", or have a config.providers fetch them",
                                file,
                                String.join(", ", secrets),
                                file);
            }
        } catch (IOException e) {
            LOG.atWarn().log("who may read {} can't be seen: {}", file, e.toString());
        }
    }

    static boolean isSecret(String key) {
        return SECRET.matcher(key).matches();
    }

    private static boolean isInClear(String value) {
        return !value.isBlank() && !value.contains(ELSEWHERE);
    }
}
