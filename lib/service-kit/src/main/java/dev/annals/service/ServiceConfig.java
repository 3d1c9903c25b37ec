package dev.annals.service;

import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * What every service needs to know; checked where it is made.
 *
 * @param httpHost the address to listen on; loopback unless said otherwise
 * @param hostNames by which clients reach the service, in lower case, beside {@code localhost} and addresses; {@code *}
 *     for any
 * @param httpPort 0 for any free one
 * @param httpIdleTimeout a connection on which nothing moves for so long is closed
 * @param corsOrigins whose pages may use the service: {@code https://host}, or {@code *} for all; none unless said
 *     otherwise
 * @param auth who is asked for a token
 * @param tls with which clients are answered; null for none
 * @param internal where other instances are answered; null for where clients are
 * @param limits of what clients may take
 * @param audit what is kept of who has done what
 * @param stateDir where Kafka Streams keeps its stores: a cache of the topics, but one worth keeping
 * @param topics the names of the topics
 * @param topicSettings how topics are made
 * @param streamThreads of each Kafka Streams application
 * @param standbyReplicas of each store
 * @param startupTimeout how long to wait for a broker that is not there yet
 * @param clientMeters whether the meters of the Kafka clients in Kafka Streams are shown: 100 to 300 for each
 *     application
 * @param values Avro records to bytes and back; {@code kafka.} settings configure it
 * @param kafka settings of the Kafka clients and of the serializers
 * @param settings of which all this is made, to be shown
 */
public record ServiceConfig(
        String httpHost,
        Set<String> hostNames,
        int httpPort,
        Duration httpIdleTimeout,
        Set<String> corsOrigins,
        AuthSettings auth,
        @Nullable PemFiles tls,
        @Nullable InternalSettings internal,
        Limits limits,
        AuditSettings audit,
        Path stateDir,
        Topics topics,
        TopicSettings topicSettings,
        int streamThreads,
        int standbyReplicas,
        Duration startupTimeout,
        boolean clientMeters,
        AvroSerdes values,
        Map<String, Object> kafka,
        Settings settings) {

    public static final String HTTP_HOST = "annals.http.host";
    public static final String HOST_NAMES = "annals.http.host.names";
    public static final String HTTP_PORT = "annals.http.port";
    public static final String HTTP_IDLE_TIMEOUT = "annals.http.idle.timeout.seconds";
    public static final String TLS_CERTIFICATE = "annals.http.tls.certificate";
    public static final String TLS_KEY = "annals.http.tls.key";
    public static final String CORS_ORIGINS = "annals.http.cors.origins";
    public static final String STATE_DIR = "annals.state.dir";
    public static final String STREAM_THREADS = "annals.stream.threads";
    public static final String STANDBY_REPLICAS = "annals.standby.replicas";
    public static final String STARTUP_TIMEOUT = "annals.startup.timeout.seconds";
    public static final String CLIENT_METERS = "annals.metrics.kafka.clients";
    public static final String VALUE_SERIALIZER = "annals.value.serializer";
    public static final String VALUE_DESERIALIZER = "annals.value.deserializer";
    public static final String LOG_LEVEL = "annals.log.level";
    public static final String BOOTSTRAP_SERVERS = "kafka.bootstrap.servers";

    static final String DEFAULT_HTTP_HOST = "127.0.0.1";

    private static final String SUBJECT_STRATEGY = "value.subject.name.strategy";
    private static final int MAX_THREADS = 256;
    private static final int MAX_REPLICAS = 100;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_STARTUP_SECONDS = 3_600;
    private static final int MAX_IDLE_SECONDS = 3_600;

    public ServiceConfig {
        requireRange(HTTP_PORT, httpPort, 0, MAX_PORT);
        requireRange(STREAM_THREADS, streamThreads, 1, MAX_THREADS);
        requireRange(STANDBY_REPLICAS, standbyReplicas, 0, MAX_REPLICAS);
        if (httpHost.isBlank()) {
            throw new StartupException(HTTP_HOST + " is empty: expected an address such as 127.0.0.1 or 0.0.0.0");
        }
        hostNames = Set.copyOf(hostNames);
        corsOrigins = Set.copyOf(corsOrigins);
        corsOrigins.forEach(ServiceConfig::requireOrigin);
        kafka = Map.copyOf(kafka);
        FixedSettings.require(kafka);
    }

    /**
     * @param defaultPort the service's own port
     * @param names by which the service is reached, beside those of the settings
     * @throws StartupException if one is wrong; the message names its key
     */
    public static ServiceConfig of(Settings settings, int defaultPort, String... names) {
        ServiceConfig config = withoutKafka(settings, defaultPort, names);
        if (!config.kafka.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new StartupException(BOOTSTRAP_SERVERS
                    + " is not set: expected host:port of a broker (environment: ANNALS_KAFKA_BOOTSTRAP_SERVERS)");
        }
        return config;
    }

    /**
     * As {@link #of}, of a service that talks to other services alone: nobody has to say where the brokers are.
     *
     * @throws StartupException if one is wrong; the message names its key
     */
    public static ServiceConfig withoutKafka(Settings settings, int defaultPort, String... names) {
        Logging.level(settings.text(LOG_LEVEL, "INFO"));
        String host = settings.text(HTTP_HOST, DEFAULT_HTTP_HOST);
        AuthSettings auth = AuthSettings.of(settings, Loopback.is(host));
        return new ServiceConfig(
                host,
                hostNames(settings.list(HOST_NAMES), names),
                settings.integer(HTTP_PORT, defaultPort, 0, MAX_PORT),
                Duration.ofSeconds(settings.integer(HTTP_IDLE_TIMEOUT, 30, 1, MAX_IDLE_SECONDS)),
                settings.list(CORS_ORIGINS),
                auth,
                PemFiles.of(settings, TLS_CERTIFICATE, TLS_KEY),
                InternalSettings.of(settings, host, auth.mode()),
                Limits.of(settings, auth.mode()),
                AuditSettings.of(settings, auth.mode()),
                Path.of(settings.text(STATE_DIR, "data/state")),
                topics(settings.text(Topics.PREFIX_KEY, "")),
                TopicSettings.of(settings),
                settings.integer(STREAM_THREADS, 1, 1, MAX_THREADS),
                settings.integer(STANDBY_REPLICAS, 0, 0, MAX_REPLICAS),
                Duration.ofSeconds(settings.integer(STARTUP_TIMEOUT, 120, 1, MAX_STARTUP_SECONDS)),
                settings.flag(CLIENT_METERS, false),
                values(settings),
                settings.kafka(),
                settings);
    }

    /** A browser names an origin without a path, and the host in lower case; another spelling would never match. */
    private static void requireOrigin(String origin) {
        if (!origin.equals("*") && !origin.matches("[a-z][a-z0-9+.-]*://[^/\\sA-Z]+")) {
            throw new StartupException("%s=%s: expected * or origins such as https://shop.example, with commas between"
                    .formatted(CORS_ORIGINS, origin));
        }
    }

    /** The same cluster with other topics. */
    public ServiceConfig with(Topics otherTopics, TopicSettings otherSettings) {
        return new ServiceConfig(
                httpHost,
                hostNames,
                httpPort,
                httpIdleTimeout,
                corsOrigins,
                auth,
                tls,
                internal,
                limits,
                audit,
                stateDir,
                otherTopics,
                otherSettings,
                streamThreads,
                standbyReplicas,
                startupTimeout,
                clientMeters,
                values,
                kafka,
                settings);
    }

    private static Set<String> hostNames(Set<String> given, String... more) {
        Set<String> names = new HashSet<>();
        given.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        names.forEach(ServiceConfig::requireHostName);
        Stream.of(more).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    /** No port: a port forwarded or published makes it another one, and it tells nothing of who asks. */
    private static void requireHostName(String name) {
        if (!name.equals("*") && !name.matches("[a-z0-9._-]+")) {
            throw new StartupException(
                    "%s=%s: expected * or names such as annals.example without a port, with commas between"
                            .formatted(HOST_NAMES, name));
        }
    }

    private static Topics topics(String prefix) {
        try {
            return new Topics(prefix);
        } catch (IllegalArgumentException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireRange(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new StartupException("%s=%d: expected %d to %d".formatted(key, value, min, max));
        }
    }

    public String bootstrapServers() {
        return String.valueOf(kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    /** Several record types share a topic, so a subject is named after the topic and the record. */
    private static AvroSerdes values(Settings settings) {
        Map<String, Object> config = new LinkedHashMap<>(settings.kafka());
        config.putIfAbsent(SUBJECT_STRATEGY, "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy");
        try {
            return new AvroSerdes(
                    settings.type(VALUE_SERIALIZER, Serializer.class, "dev.annals.serde.RegistryAvroSerializer")
                            .getName(),
                    settings.type(VALUE_DESERIALIZER, Deserializer.class, "dev.annals.serde.RegistryAvroDeserializer")
                            .getName(),
                    config);
        } catch (ConfigException e) {
            throw new StartupException("kafka." + e.getMessage(), e);
        }
    }

    /** Values of the settings of clients may be passwords. */
    @Override
    public String toString() {
        return "ServiceConfig[%s:%d, stateDir=%s, prefix=%s, kafka settings of %s]"
                .formatted(httpHost, httpPort, stateDir, topics.prefix(), new TreeSet<>(kafka.keySet()));
    }
}
