package dev.annals.service;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings as text: a properties file below, the environment above it.
 *
 * <p>{@code --config FILE} names the file. An environment variable {@code ANNALS_HTTP_PORT} sets
 * {@code annals.http.port}; {@code ANNALS_KAFKA_BOOTSTRAP_SERVERS} sets {@code kafka.bootstrap.servers}. Everything
 * under {@code kafka.} goes to the Kafka clients and the serializers as it is. Under {@code annals.} a key that nobody
 * asked for is an error, see {@link #refuseUnknown}. Errors name the key, the value, where it was set and what was
 * expected. Read by one thread, at the start.
 */
public final class Settings {

    private static final String OWN = "annals.";
    private static final String KAFKA = "kafka.";
    private static final String ENVIRONMENT = "ANNALS_";
    private static final String FROM_ENVIRONMENT = "environment variable ";
    private static final String DEFAULT = "default";

    /** Of the command line, whose environment the services have that it starts: no settings. */
    private static final Set<String> OF_THE_COMMAND_LINE =
            Set.of("ANNALS_DATA", "ANNALS_JAVA_OPTIONS", "ANNALS_COMMAND_URL", "ANNALS_QUERY_URL");

    private static final Logger LOG = LoggerFactory.getLogger(Settings.class);

    private record Setting(String value, String source) {}

    /**
     * What counts for a key.
     *
     * @param value as text; null where it is not set and has no default, or is {@code secret}
     * @param source a file, an environment variable, or {@code default}
     * @param secret whether the value is kept back
     */
    public record Effective(String key, @Nullable String value, String source, boolean secret) {}

    private final Map<String, Setting> settings;
    private final Set<String> asked = new ConcurrentSkipListSet<>();
    private final Map<String, String> defaults = new ConcurrentHashMap<>();

    private Settings(Map<String, Setting> settings) {
        this.settings = settings;
    }

    public static Settings load(String... args) {
        return load(args, System.getenv());
    }

    /** @throws StartupException if an argument is unknown or the file can't be read */
    public static Settings load(String[] args, Map<String, String> environment) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        Path file = configFile(args);
        if (file != null) {
            read(file)
                    .forEach((key, value) -> settings.put((String) key, new Setting((String) value, file.toString())));
        }
        environment.forEach((name, value) -> {
            if (name.startsWith(ENVIRONMENT) && !OF_THE_COMMAND_LINE.contains(name)) {
                settings.put(keyOf(name), new Setting(value, FROM_ENVIRONMENT + name));
            }
        });
        return new Settings(settings);
    }

    /** Settings from code, for tests and for a host that runs several services. */
    public static Settings of(Map<String, String> values) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        values.forEach((key, value) -> settings.put(key, new Setting(value, "code")));
        return new Settings(settings);
    }

    private static @Nullable Path configFile(String[] args) {
        return switch (args.length) {
            case 0 -> null;
            case 2 -> {
                if (!args[0].equals("--config")) {
                    throw new StartupException("unknown argument '%s': expected --config FILE".formatted(args[0]));
                }
                yield Path.of(args[1]);
            }
            default ->
                throw new StartupException(
                        "expected no arguments or --config FILE, got '%s'".formatted(String.join(" ", args)));
        };
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartupException("--config %s can't be read: %s".formatted(file, e), e);
        }
        SecretsInClear.warn(file, properties);
        return properties;
    }

    private static String keyOf(String variable) {
        String path = variable.substring(ENVIRONMENT.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '.');
        return path.startsWith(KAFKA) ? path : OWN + path;
    }

    /** The text of a key, null where it is not set. */
    public @Nullable String text(String key) {
        asked.add(key);
        Setting setting = settings.get(key);
        return setting == null ? null : setting.value.strip();
    }

    public String text(String key, String otherwise) {
        defaults.put(key, otherwise);
        String value = text(key);
        return value == null ? otherwise : value;
    }

    /** The texts of a key, which stand with commas between; none where it is not set. */
    public Set<String> list(String key) {
        return Arrays.stream(text(key, "").split(",", -1))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** @throws StartupException if the value is no whole number of the range */
    public int integer(String key, int otherwise, int min, int max) {
        defaults.put(key, Integer.toString(otherwise));
        String value = text(key);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, together with numbers out of range
        }
        throw refusal(key, "expected a whole number from %d to %d".formatted(min, max));
    }

    /** @throws StartupException if the value is neither {@code true} nor {@code false} */
    public boolean flag(String key, boolean otherwise) {
        String value = text(key, Boolean.toString(otherwise));
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refusal(key, "expected true or false");
        };
    }

    /** @throws StartupException if it is not on the class path or of another type */
    public <T> Class<? extends T> type(String key, Class<T> expected, String otherwise) {
        String name = text(key, otherwise);
        try {
            Class<?> found = Class.forName(name, true, Thread.currentThread().getContextClassLoader());
            if (expected.isAssignableFrom(found)) {
                return found.asSubclass(expected);
            }
        } catch (ClassNotFoundException e) {
            throw new StartupException("%s=%s: there is no such class on the class path".formatted(key, name), e);
        }
        throw new StartupException(
                "%s=%s: expected a class that implements %s".formatted(key, name, expected.getName()));
    }

    /**
     * All keys that were asked for, and what stands under {@code kafka.}, in the order of their names. By any thread.
     */
    public List<Effective> effective() {
        Set<String> keys = new TreeSet<>(asked);
        settings.keySet().stream().filter(key -> key.startsWith(KAFKA)).forEach(keys::add);
        return keys.stream().map(this::effective).toList();
    }

    private Effective effective(String key) {
        Setting setting = settings.get(key);
        String value = setting == null ? defaults.get(key) : setting.value;
        String source = setting == null ? DEFAULT : setting.source;
        boolean secret = value != null && Secrets.isSecret(key, value);
        return new Effective(key, secret ? null : value, source, secret);
    }

    /** What stands under {@code kafka.}, without that prefix. */
    public Map<String, Object> kafka() {
        Map<String, Object> kafka = new LinkedHashMap<>();
        settings.forEach((key, setting) -> {
            if (key.startsWith(KAFKA)) {
                kafka.put(key.substring(KAFKA.length()), setting.value);
            }
        });
        return kafka;
    }

    /**
     * Call it when all settings have been read: what was set and never asked for is a typing error. In the environment,
     * which others write to as well, it is only a warning.
     *
     * @param others prefixes of keys that belong to other services, which may share the file and the environment
     * @throws StartupException if a key is unknown; the message names the nearest one that is known
     */
    public void refuseUnknown(String... others) {
        settings.forEach((key, setting) -> {
            if (!key.startsWith(KAFKA) && !asked.contains(key) && !startsWithAny(key, others)) {
                refuse(key, setting);
            }
        });
    }

    /** An environment is shared: Kubernetes sets ANNALS_SERVICE_HOST where a service is called annals. */
    private void refuse(String key, Setting setting) {
        String message =
                "unknown setting %s (from %s); did you mean %s?".formatted(key, setting.source, nearest(key, asked));
        if (!setting.source.startsWith(FROM_ENVIRONMENT)) {
            throw new StartupException(message);
        }
        LOG.atWarn().log(message);
    }

    /** The key that was probably meant: smallest Levenshtein distance. */
    private static String nearest(String word, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .orElse("(no setting is known)");
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }

    private static boolean startsWithAny(String key, String... prefixes) {
        for (String prefix : prefixes) {
            if (key.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private StartupException refusal(String key, String expectation) {
        Setting setting = settings.get(key);
        return setting == null
                ? new StartupException("%s: %s".formatted(key, expectation))
                : new StartupException(
                        "%s=%s (from %s): %s".formatted(key, setting.value, setting.source, expectation));
    }
}
