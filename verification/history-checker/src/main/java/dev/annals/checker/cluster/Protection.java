package dev.annals.checker.cluster;

import dev.annals.checker.workload.Principal;
import dev.annals.embedded.BrokerConfig;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.acls.AclPlan;
import dev.annals.operations.acls.AclPlan.PlannedAcl;
import dev.annals.operations.acls.Role;
import dev.annals.service.TopicSettings;
import dev.annals.testsupport.http.TestCertificates;
import dev.annals.testsupport.http.TestIssuer;
import dev.annals.testsupport.kafka.SecuredListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramMechanism;

/**
 * Everything on: each service is a user of Kafka with a password, over TLS, and with the rights that {@code annals
 * acls} prints; over HTTP there are TLS, tokens and a policy; command services and query services know each other by
 * certificates. Clients are one user of Kafka and one principal, so that their command ids mean the same over topics
 * and HTTP.
 */
final class Protection implements AutoCloseable {

    private static final Duration LOGIN_LASTS = Duration.ofMinutes(1);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String CLIENT = "annals-checker";
    private static final String SUBJECT = "checker";
    private static final Set<Role> ASK_EACH_OTHER = Set.of(Role.COMMAND, Role.QUERY);

    private final Path folder;
    private final TestCertificates authority = new TestCertificates();
    private final TestIssuer issuer;
    private final SecuredListener listener;
    private final Path policy;
    private final Map<Role, String> passwords = new EnumMap<>(Role.class);
    private final Principal principal;

    /** From now on this JVM trusts its certificate authority, and no other. */
    Protection(Path folder) {
        this.folder = folder;
        try {
            issuer = new TestIssuer();
            policy = Files.writeString(
                    folder.resolve("policy.properties"), "role.authenticated = command:*, read:*, metrics\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        listener = new SecuredListener(authority, folder);
        for (Role role : Role.values()) {
            passwords.put(role, UUID.randomUUID().toString());
        }
        principal = new Principal(issuer.address() + "|" + SUBJECT, () -> issuer.token(SUBJECT, claims -> claims));
        SSLContext.setDefault(authority.client(null));
    }

    BrokerConfig broker(BrokerConfig plain) {
        return listener.of(plain, LOGIN_LASTS);
    }

    /**
     * Gives all users their passwords and rights.
     *
     * @param bootstrap a listener of the broker's superuser
     */
    void admit(String bootstrap) {
        AclPlan plan = new AclPlan(
                AclPlan.rights(new Topics(""), TopicSettings.DEFAULTS, InstalledDomains.load(List.of())),
                Set.of(),
                false,
                Map.of(Role.IMPORTER, "User:" + CLIENT, Role.OPERATOR, "User:" + CLIENT),
                "*");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            for (Role role : Role.values()) {
                SecuredListener.giveCredential(admin, user(role), ScramMechanism.SCRAM_SHA_256, password(role));
            }
            admin.createAcls(plan.all().stream().map(PlannedAcl::binding).toList())
                    .all()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the rights can't be given", e);
        }
    }

    private static String user(Role role) {
        return isClient(role) ? CLIENT : role.defaultPrincipal().substring("User:".length());
    }

    private static boolean isClient(Role role) {
        return role == Role.IMPORTER || role == Role.OPERATOR;
    }

    private String password(Role role) {
        return Objects.requireNonNull(passwords.get(isClient(role) ? Role.IMPORTER : role));
    }

    /** Of a service. */
    Map<String, String> settings(Role role, String name) {
        Map<String, String> settings = new HashMap<>(kafka(role));
        settings.putAll(issuer.settings(policy));
        settings.putAll(authority.httpSettings(folder, name));
        if (ASK_EACH_OTHER.contains(role)) {
            settings.putAll(authority.instanceSettings(folder, name));
        }
        return settings;
    }

    /** Of a client that is no service. */
    Map<String, String> client() {
        return kafka(Role.IMPORTER);
    }

    private Map<String, String> kafka(Role role) {
        Map<String, String> settings = new HashMap<>();
        listener.client(user(role), ScramMechanism.SCRAM_SHA_256, password(role))
                .forEach((key, value) -> settings.put("kafka." + key, value));
        return settings;
    }

    Principal principal() {
        return principal;
    }

    @Override
    public void close() {
        issuer.close();
    }
}
