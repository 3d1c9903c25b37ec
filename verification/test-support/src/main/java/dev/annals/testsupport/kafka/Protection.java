package dev.annals.testsupport.kafka;

import dev.annals.embedded.BrokerConfig;
import dev.annals.testsupport.http.TestCertificates;
import dev.annals.testsupport.http.TestIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.acl.AclBinding;

/**
 * Everything on, for a broker and services on loopback: each user of Kafka has a password (SCRAM over TLS) and needs
 * rights; over HTTP there are TLS, tokens of a provider and a policy, and instances know each other by certificates.
 */
public final class Protection implements AutoCloseable {

    private static final Duration LOGIN_LASTS = Duration.ofMinutes(1);
    private static final Duration TOKEN_LASTS = Duration.ofHours(2);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;

    private final Path folder;
    private final TestCertificates authority = new TestCertificates();
    private final TestIssuer issuer;
    private final SecuredListener listener;
    private final Path policy;
    private final Map<String, String> passwords;

    /**
     * From now on this JVM trusts its certificate authority, and no other.
     *
     * @param folder takes keys, certificates and the policy
     * @param users of Kafka, by name
     */
    public Protection(Path folder, Collection<String> users) {
        this.folder = folder;
        try {
            issuer = new TestIssuer();
            policy = Files.writeString(
                    folder.resolve("policy.properties"), "role.authenticated = command:*, read:*, metrics\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        listener = new SecuredListener(authority, folder);
        passwords = users.stream()
                .distinct()
                .collect(Collectors.toMap(
                        user -> user, unused -> UUID.randomUUID().toString()));
        SSLContext.setDefault(authority.client(null));
    }

    /** The broker with a listener for the users. */
    public BrokerConfig broker(BrokerConfig plain) {
        return listener.of(plain, LOGIN_LASTS);
    }

    /**
     * Gives all users their passwords, and these rights.
     *
     * @param bootstrap a listener of the broker's superuser
     */
    public void admit(String bootstrap, Collection<AclBinding> rights) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            passwords.forEach((user, password) -> SecuredListener.giveCredential(admin, user, MECHANISM, password));
            admin.createAcls(rights).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the rights can't be given", e);
        }
    }

    /** Settings of Kafka's clients. */
    public Map<String, String> client(String user) {
        return listener.client(user, MECHANISM, Objects.requireNonNull(passwords.get(user), user));
    }

    /**
     * Settings of a service.
     *
     * @param name of the instance, for its files
     */
    public Map<String, String> service(String user, String name) {
        Map<String, String> settings = new HashMap<>();
        client(user).forEach((key, value) -> settings.put("kafka." + key, value));
        settings.putAll(issuer.settings(policy));
        settings.putAll(authority.httpSettings(folder, name));
        return settings;
    }

    /** More settings of a service whose instances ask each other. */
    public Map<String, String> instance(String name) {
        return authority.instanceSettings(folder, name);
    }

    /** As events name who has such a token. */
    public String authId(String subject) {
        return issuer.address() + "|" + subject;
    }

    /** One that counts, for two hours. */
    public String token(String subject) {
        return issuer.token(
                subject, claims -> claims.expirationTime(Date.from(Instant.now().plus(TOKEN_LASTS))));
    }

    @Override
    public void close() {
        issuer.close();
    }
}
