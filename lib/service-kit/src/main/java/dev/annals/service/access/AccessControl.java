package dev.annals.service.access;

import dev.annals.service.AuthSettings;
import dev.annals.service.Domains;
import dev.annals.service.access.DeniedException.Reason;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets requests in: whoever asks must be known, and have the right. Thread-safe. */
public final class AccessControl {

    private static final String SCHEME = "bearer ";

    /** Of who has a token, whatever the policy says. */
    private static final Set<Action> NOT_GRANTED = Set.of(Action.KNOWN, Action.OWN_COMMANDS);

    private final @Nullable TokenVerifier tokens;
    private final @Nullable Policy policy;

    private AccessControl(@Nullable TokenVerifier tokens, @Nullable Policy policy) {
        this.tokens = tokens;
        this.policy = policy;
    }

    /** Lets everybody do everything. */
    public static AccessControl none() {
        return new AccessControl(null, null);
    }

    /** @throws dev.annals.service.StartupException if the policy can't be read, or names what no domain has */
    public static AccessControl of(AuthSettings settings, Domains domains) {
        return settings.mode() == AuthSettings.Mode.OIDC
                ? new AccessControl(
                        new TokenVerifier(Objects.requireNonNull(settings.provider())),
                        Policy.read(Objects.requireNonNull(settings.policy()), Catalog.of(domains)))
                : none();
    }

    /** Whether anybody is asked for a token. */
    public boolean isOn() {
        return policy != null;
    }

    /**
     * Who asks, by the request's header {@code Authorization}; null for somebody without one. Blocks as
     * {@link TokenVerifier} does.
     *
     * @throws DeniedException if there is one that does not count
     */
    public @Nullable Principal authenticate(@Nullable String authorization) throws DeniedException {
        if (tokens == null || authorization == null) {
            return null;
        }
        if (!authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw new DeniedException(Reason.UNAUTHENTICATED, "Authorization: expected Bearer and a token");
        }
        return tokens.verify(authorization.substring(SCHEME.length()).strip());
    }

    /**
     * Lets somebody do something.
     *
     * @param principal null for somebody without a token
     * @throws DeniedException if they have no right to it
     */
    public Caller admit(@Nullable Principal principal, Action action) throws DeniedException {
        Caller caller = caller(principal, action);
        if (caller != null) {
            return caller;
        }
        throw policy != null && principal == null
                ? new DeniedException(
                        Reason.UNAUTHENTICATED, "expected Authorization: Bearer and a token of the OpenID provider")
                : new DeniedException(
                        Reason.FORBIDDEN, "none of your roles has the right to %s".formatted(action.name()));
    }

    /** What instances do among themselves no policy can grant, {@code *} neither. */
    private @Nullable Caller caller(@Nullable Principal principal, Action action) {
        if (action.equals(Action.INTERNAL)) {
            return null;
        }
        if (policy != null && !isForAll(policy, principal, action)) {
            return NOT_GRANTED.contains(action) ? null : policy.admit(principal, action);
        }
        return new Caller(principal, Set.of(), also -> caller(principal, also) != null);
    }

    /** Who has a token has commands of their own; without one those are meant of nobody. */
    private static boolean isForAll(Policy policy, @Nullable Principal principal, Action action) {
        if (action.equals(Action.OWN_COMMANDS)) {
            return principal != null || policy.admit(null, Action.READ_COMMANDS) != null;
        }
        return action.equals(Action.OPEN) || (action.equals(Action.KNOWN) && principal != null);
    }
}
