package dev.annals.checker.workload;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who clients are, where services ask for a token. Thread-safe. */
public final class Principal {

    /** Tokens last longer. */
    private static final long RENEW_AFTER_NANOS = Duration.ofMinutes(2).toNanos();

    private final String authId;
    private final Supplier<String> issuer;
    private @Nullable String token;
    private long issued;

    /**
     * @param authId as events name it: {@code issuer|subject}
     * @param issuer of tokens that are good for more than two minutes
     */
    public Principal(String authId, Supplier<String> issuer) {
        this.authId = authId;
        this.issuer = issuer;
    }

    String authId() {
        return authId;
    }

    /** One that counts now. */
    synchronized String token() {
        if (token == null || System.nanoTime() - issued > RENEW_AFTER_NANOS) {
            token = issuer.get();
            issued = System.nanoTime();
        }
        return token;
    }
}
