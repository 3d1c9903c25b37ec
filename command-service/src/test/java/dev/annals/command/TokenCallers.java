package dev.annals.command;

import dev.annals.testsupport.http.TestIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Settings with which a service asks for tokens of an issuer, and tokens with which callers come. */
record TokenCallers(TestIssuer issuer) {

    private static final String ROLES = "roles";

    static TestIssuer start() {
        try {
            return new TestIssuer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param policy its lines; roles are those of the claim {@code roles} */
    Map<String, String> settings(Path folder, String policy, Map<String, String> more) {
        Path file = folder.resolve("policy.properties");
        try {
            Files.writeString(file, policy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new HashMap<>(issuer.settings(file));
        settings.putAll(more);
        return settings;
    }

    /** The value of {@code Authorization}. */
    String bearer(String subject, String... roles) {
        return "Bearer " + issuer.token(subject, claims -> claims.claim(ROLES, String.join(" ", roles)));
    }

    /** As {@link #bearer}, of a client that asks for itself. */
    String client(String id, String... roles) {
        return "Bearer "
                + issuer.token(id, claims -> claims.claim("client_id", id).claim(ROLES, String.join(" ", roles)));
    }

    /** As {@code ce_authid} has it. */
    String id(String subject) {
        return issuer.address() + "|" + subject;
    }
}
