package dev.annals.serde.registry;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a registry. The keys are Confluent's where Confluent has one; limits have keys of our own.
 *
 * @param endpoints in the order in which they are tried
 * @param connectTimeout for one TCP or TLS connection
 * @param requestTimeout for one request to one endpoint, with its answer read
 * @param callTimeout for one call with all its retries and failovers
 * @param maxRetries how often all endpoints are tried again
 * @param retryBackoff before the first retry; doubled for each further one, with jitter
 * @param retryBackoffMax no wait between retries is longer
 * @param cacheCapacity how many ids, and how many schemas of subjects, are remembered
 * @param normalize whether the registry is to bring a schema into a canonical form when it registers it
 * @param tls for {@code https}; absent: the JVM's default trust
 */
record RegistryConfig(
        List<Endpoint> endpoints,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration callTimeout,
        int maxRetries,
        Duration retryBackoff,
        Duration retryBackoffMax,
        int cacheCapacity,
        boolean normalize,
        @Nullable SSLContext tls) {

    /** Comma-separated base URLs, for instance {@code http://127.0.0.1:8080/apis/ccompat/v7}. */
    public static final String URL = "schema.registry.url";

    /** {@code URL} (default: user and password in the URL, if there are any) or {@code USER_INFO}. */
    public static final String BASIC_AUTH_SOURCE = "basic.auth.credentials.source";

    /** {@code user:password}, for {@code USER_INFO}. */
    public static final String BASIC_AUTH_USER_INFO = "basic.auth.user.info";

    /** {@code STATIC_TOKEN}, if there is to be a bearer token. */
    public static final String BEARER_AUTH_SOURCE = "bearer.auth.credentials.source";

    public static final String BEARER_AUTH_TOKEN = "bearer.auth.token";

    /** Before each of Kafka's {@code ssl.truststore.*}, {@code ssl.keystore.*} and {@code ssl.key.*} keys. */
    public static final String PREFIX = "schema.registry.";

    public static final String NORMALIZE = "normalize.schemas";
    public static final String CONNECT_TIMEOUT = "schema.registry.connect.timeout.ms";
    public static final String REQUEST_TIMEOUT = "schema.registry.request.timeout.ms";
    public static final String CALL_TIMEOUT = "schema.registry.call.timeout.ms";
    public static final String MAX_RETRIES = "schema.registry.max.retries";
    public static final String RETRY_BACKOFF = "schema.registry.retry.backoff.ms";
    public static final String RETRY_BACKOFF_MAX = "schema.registry.retry.backoff.max.ms";
    public static final String CACHE_CAPACITY = "schema.registry.cache.capacity";

    private static final List<String> KEY_PREFIXES = List.of(PREFIX, "basic.auth.", "bearer.auth.", NORMALIZE);

    private static final ConfigDef LIMITS = limits();

    /**
     * @param base without user, password and final slash
     * @param authorization value of the {@code Authorization} header, if there is one
     */
    public record Endpoint(URI base, @Nullable String authorization) {

        /** Without the credentials, so that no log holds them. */
        @Override
        public String toString() {
            return base.toString();
        }
    }

    public RegistryConfig {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new ConfigException(URL, "", "at least one URL is needed");
        }
    }

    /**
     * Reads the settings; other keys are ignored.
     *
     * @throws ConfigException naming the key, if one is missing or wrong
     */
    public static RegistryConfig from(Map<String, ?> configs) {
        Map<String, Object> limits = LIMITS.parse(configs);
        return new RegistryConfig(
                endpoints(configs),
                millis(limits, CONNECT_TIMEOUT),
                millis(limits, REQUEST_TIMEOUT),
                millis(limits, CALL_TIMEOUT),
                (Integer) Objects.requireNonNull(limits.get(MAX_RETRIES)),
                millis(limits, RETRY_BACKOFF),
                millis(limits, RETRY_BACKOFF_MAX),
                (Integer) Objects.requireNonNull(limits.get(CACHE_CAPACITY)),
                (Boolean) Objects.requireNonNull(limits.get(NORMALIZE)),
                tls(configs));
    }

    /** Whether the setting is one of ours. */
    static boolean isKey(String key) {
        return KEY_PREFIXES.stream().anyMatch(key::startsWith);
    }

    /** The configured URLs as they stand there; empty if there are none. */
    static List<String> urls(Map<String, ?> configs) {
        Object value = configs.get(URL);
        String joined = value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : text(configs, URL).orElse("");
        return Arrays.stream(joined.split(",", -1))
                .map(String::trim)
                .filter(url -> !url.isEmpty())
                .toList();
    }

    private static List<Endpoint> endpoints(Map<String, ?> configs) {
        Optional<String> authorization = authorization(configs);
        List<String> urls = urls(configs);
        if (urls.isEmpty()) {
            throw new ConfigException("Missing required configuration \"" + URL
                    + "\": the base URL of a Confluent-compatible registry, or several, separated by commas");
        }
        return urls.stream().map(url -> endpoint(url, authorization)).toList();
    }

    private static Endpoint endpoint(String url, Optional<String> authorization) {
        URI uri;
        try {
            uri = URI.create(url.replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw invalidUrl(url);
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw invalidUrl(url);
        }
        String userInfo = uri.getUserInfo();
        if (userInfo == null) {
            return new Endpoint(uri, authorization.orElse(null));
        }
        URI bare = URI.create(uri.toString().replaceFirst("//[^/]*@", "//"));
        return new Endpoint(bare, authorization.orElseGet(() -> basic(userInfo)));
    }

    private static ConfigException invalidUrl(String url) {
        String withoutCredentials = url.replaceFirst("//[^/]*@", "//");
        return new ConfigException(URL, withoutCredentials, "expected http://host:port/path or https://host:port/path");
    }

    private static Optional<String> authorization(Map<String, ?> configs) {
        Optional<String> bearer = text(configs, BEARER_AUTH_SOURCE);
        if (bearer.isPresent()) {
            if (!"STATIC_TOKEN".equals(bearer.get())) {
                throw new ConfigException(BEARER_AUTH_SOURCE, bearer.get(), "only STATIC_TOKEN is supported");
            }
            return Optional.of("Bearer " + needed(configs, BEARER_AUTH_TOKEN, BEARER_AUTH_SOURCE));
        }
        String source = text(configs, BASIC_AUTH_SOURCE).orElse("URL");
        return switch (source) {
            case "URL" -> Optional.empty();
            case "USER_INFO" -> Optional.of(basic(needed(configs, BASIC_AUTH_USER_INFO, BASIC_AUTH_SOURCE)));
            default -> throw new ConfigException(BASIC_AUTH_SOURCE, source, "expected URL or USER_INFO");
        };
    }

    private static String needed(Map<String, ?> configs, String key, String because) {
        return text(configs, key)
                .orElseThrow(() -> new ConfigException(
                        "Missing required configuration \"%s\", which \"%s\" asks for".formatted(key, because)));
    }

    private static String basic(String userInfo) {
        return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }

    /** Confluent reads most client settings with and without the prefix; so do we. */
    private static Optional<String> text(Map<String, ?> configs, String key) {
        Object prefixed = key.startsWith(PREFIX) ? null : configs.get(PREFIX + key);
        Object value = prefixed != null ? prefixed : configs.get(key);
        return Optional.ofNullable(value)
                .map(found -> found instanceof Password password ? password.value() : found.toString())
                .filter(found -> !found.isBlank());
    }

    private static @Nullable SSLContext tls(Map<String, ?> configs) {
        String sslPrefix = PREFIX + "ssl.";
        Map<String, Object> given = configs.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(sslPrefix))
                .collect(Collectors.toMap(
                        entry -> entry.getKey().substring(PREFIX.length()), Map.Entry::getValue, (a, b) -> b));
        if (given.isEmpty()) {
            return null;
        }
        ConfigDef keys = new ConfigDef();
        SslConfigs.addClientSslSupport(keys);
        // Kafka's own reading of these keys, so that JKS, PKCS12 and PEM work as in every Kafka client.
        try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
            factory.configure(keys.parse(given));
            return factory.sslContext();
        }
    }

    private static ConfigDef limits() {
        ConfigDef keys = new ConfigDef();
        limit(keys, CONNECT_TIMEOUT, 1_000, 1, "For one TCP or TLS connection.");
        limit(keys, REQUEST_TIMEOUT, 3_000, 1, "For one request to one URL.");
        // A call may stand inside a transaction of Kafka Streams, which the broker aborts after 10 s.
        limit(keys, CALL_TIMEOUT, 6_000, 1, "For one call with all retries and failovers.");
        limit(keys, MAX_RETRIES, 3, 0, "How often all URLs are tried again.");
        limit(keys, RETRY_BACKOFF, 100, 1, "Before the first retry; doubled for each further one.");
        limit(keys, RETRY_BACKOFF_MAX, 1_000, 1, "No wait between retries is longer.");
        limit(keys, CACHE_CAPACITY, 1_000, 1, "How many schema ids are remembered.");
        return keys.define(
                NORMALIZE,
                ConfigDef.Type.BOOLEAN,
                false,
                Importance.LOW,
                "Whether the registry is to normalize what it registers.");
    }

    private static void limit(ConfigDef keys, String key, int otherwise, int least, String documentation) {
        keys.define(key, ConfigDef.Type.INT, otherwise, Range.atLeast(least), Importance.LOW, documentation);
    }

    private static Duration millis(Map<String, Object> limits, String key) {
        return Duration.ofMillis((Integer) Objects.requireNonNull(limits.get(key)));
    }
}
