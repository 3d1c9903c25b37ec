package dev.annals.engine.deciding;

/** The rejection codes that Annals itself gives, beside those of the domains. */
public final class RejectionCode {

    /** The expected version is not the aggregate's. */
    public static final String VERSION_CONFLICT = "version-conflict";

    /** The command's id was used for another payload. */
    public static final String IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused";

    private RejectionCode() {}
}
