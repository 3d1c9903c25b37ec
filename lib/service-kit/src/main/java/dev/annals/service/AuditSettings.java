package dev.annals.service;

import org.jspecify.annotations.Nullable;

/**
 * What is kept of who has done what.
 *
 * @param to {@value #STDOUT}, or a file; null for nowhere
 * @param reads whether what was read is kept too, and not only what was refused
 */
public record AuditSettings(@Nullable String to, boolean reads) {

    public static final String AUDIT = "annals.audit";
    public static final String READS = "annals.audit.reads";

    /** The standard output. */
    public static final String STDOUT = "stdout";

    private static final String OFF = "off";

    /** @param auth where nobody is asked for a token, there is nobody to be named: nothing is kept by default */
    static AuditSettings of(Settings settings, AuthSettings.Mode auth) {
        String to = settings.text(AUDIT, auth == AuthSettings.Mode.OIDC ? STDOUT : OFF);
        return new AuditSettings(to.equals(OFF) ? null : to, settings.flag(READS, false));
    }
}
