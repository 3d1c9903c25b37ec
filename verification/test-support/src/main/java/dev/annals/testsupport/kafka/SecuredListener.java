package dev.annals.testsupport.kafka;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.FreePorts;
import dev.annals.testsupport.http.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A listener of a broker on loopback (SASL_SSL) for users with passwords (SCRAM), of whom nobody may do anything
 * without a right (ACL). Whoever comes through the broker's other listeners is its superuser.
 */
public final class SecuredListener {

    private static final int ITERATIONS = 4096;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final int port = FreePorts.any();
    private final Path keyStore;
    private final Path trusted;

    /** @param folder takes the broker's key and certificate, and the authority's */
    public SecuredListener(TestCertificates authority, Path folder) {
        keyStore = TestCertificates.writeKeyStore(folder.resolve("broker.pem"), authority.sign("127.0.0.1"));
        trusted = authority.writeAuthority(folder.resolve("brokers-authority.pem"));
    }

    /**
     * The broker with this listener too.
     *
     * @param loginLasts after which clients have to log in anew
     */
    public BrokerConfig of(BrokerConfig plain, Duration loginLasts) {
        String secured = "SECURED://" + bootstrapServers();
        return plain.with(
                        "listeners",
                        "CLIENTS://%s,CONTROLLER://%s,%s"
                                .formatted(plain.bootstrapServers(), plain.controller(), secured))
                .with("advertised.listeners", "CLIENTS://%s,%s".formatted(plain.bootstrapServers(), secured))
                .with("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL")
                .with("listener.name.secured.ssl.keystore.type", "PEM")
                .with("listener.name.secured.ssl.keystore.location", keyStore.toString())
                .with("listener.name.secured.sasl.enabled.mechanisms", "SCRAM-SHA-256,SCRAM-SHA-512")
                .with("listener.name.secured.scram-sha-256.sasl.jaas.config", login(""))
                .with("listener.name.secured.scram-sha-512.sasl.jaas.config", login(""))
                .with("listener.name.secured.connections.max.reauth.ms", Long.toString(loginLasts.toMillis()))
                .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("allow.everyone.if.no.acl.found", "false")
                .with("super.users", "User:ANONYMOUS");
    }

    private static String login(String more) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required" + more + ";";
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Settings of a client of this user. */
    public Map<String, String> client(String user, ScramMechanism mechanism, String password) {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "security.protocol",
                "SASL_SSL",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                trusted.toString(),
                "sasl.mechanism",
                mechanism.mechanismName(),
                "sasl.jaas.config",
                login(" username=\"%s\" password=\"%s\"".formatted(user, password)));
    }

    /** From now on the password lets the user in, instead of the one before. */
    public static void giveCredential(Admin admin, String user, ScramMechanism mechanism, String password) {
        alter(admin, new UserScramCredentialUpsertion(user, new ScramCredentialInfo(mechanism, ITERATIONS), password));
    }

    public static void takeCredential(Admin admin, String user, ScramMechanism mechanism) {
        alter(admin, new UserScramCredentialDeletion(user, mechanism));
    }

    private static void alter(Admin admin, UserScramCredentialAlteration change) {
        try {
            admin.alterUserScramCredentials(List.of(change)).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the credential of %s can't be changed".formatted(change.user()), e);
        }
    }
}
