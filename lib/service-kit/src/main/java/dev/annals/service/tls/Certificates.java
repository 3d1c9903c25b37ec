package dev.annals.service.tls;

import dev.annals.service.PemFiles;
import dev.annals.service.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates that can be renewed without a restart: the files are looked at when somebody asks, once a second at the
 * most. Files that can't be used leave the ones before in use, and are warned of. PEM is read as Kafka reads it.
 * Thread-safe.
 */
public final class Certificates {

    private static final Duration LOOK_PAUSE = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

    private final PemFiles own;
    private final @Nullable Path authorities;
    private List<Object> seen;
    private long lookedAt = System.nanoTime();
    private volatile KeyStores current;

    /**
     * @param authorities whose certificates are believed; null for nobody's
     * @throws StartupException if they can't be read, or don't belong together
     */
    public Certificates(PemFiles own, @Nullable Path authorities) {
        this.own = own;
        this.authorities = authorities;
        try {
            seen = look();
            current = read();
        } catch (IOException | IllegalArgumentException e) {
            throw new StartupException(
                    "the certificate %s and its key %s can't be used: %s"
                            .formatted(own.certificate(), own.key(), reason(e)),
                    e);
        }
    }

    public KeyStores current() {
        return current;
    }

    /** The certificates, where they were renewed since this was last asked; null where not. */
    public synchronized @Nullable KeyStores renewed() {
        long now = System.nanoTime();
        if (now - lookedAt < LOOK_PAUSE.toNanos()) {
            return null;
        }
        lookedAt = now;
        try {
            List<Object> there = look();
            if (there.equals(seen)) {
                return null;
            }
            seen = there;
            KeyStores renewed = read();
            current = renewed;
            LOG.atInfo()
                    .addKeyValue("certificate", own.certificate())
                    .addKeyValue("expires", renewed.expires())
                    .log("certificate renewed");
            return renewed;
        } catch (IOException | IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("certificate", own.certificate())
                    .addKeyValue("key", own.key())
                    .addKeyValue("reason", reason(e))
                    .log("a renewed certificate can't be used; the one before is used still");
            return null;
        }
    }

    /** Of all files, what changes where one is written or another is linked in its place. */
    private List<Object> look() throws IOException {
        List<Object> look = new ArrayList<>();
        for (Path file : Stream.of(own.certificate(), own.key(), authorities)
                .filter(Objects::nonNull)
                .toList()) {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            look.add(List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey())));
        }
        return look;
    }

    /** @throws IllegalArgumentException if they are not PEM, or don't belong together */
    private KeyStores read() throws IOException {
        Map<String, Object> pem = new HashMap<>();
        pem.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, DefaultSslEngineFactory.PEM_TYPE);
        pem.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, text(own.certificate()));
        pem.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, text(own.key()));
        if (authorities != null) {
            pem.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, DefaultSslEngineFactory.PEM_TYPE);
            pem.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, text(authorities));
        }
        try (DefaultSslEngineFactory reader = new DefaultSslEngineFactory()) {
            reader.configure(new ConfigDef().withClientSslSupport().parse(pem));
            return KeyStores.of(reader.keystore(), reader.truststore());
        } catch (KafkaException e) {
            throw new IllegalArgumentException(reason(e), e);
        }
    }

    private static Password text(Path file) throws IOException {
        return new Password(Files.readString(file));
    }

    /** Kafka's own message is of its settings; the cause says what is wrong. */
    private static String reason(Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }
}
