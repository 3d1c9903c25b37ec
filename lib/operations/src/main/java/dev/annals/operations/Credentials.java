package dev.annals.operations;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How a client shows services who it is, by a bearer token (RFC 6750), and knows them, by the certificate authorities
 * that it trusts. Thread-safe.
 */
public final class Credentials {

    /** No token; authorities that the JDK trusts. */
    public static final Credentials NONE = new Credentials(() -> null, null);

    /** RFC 6750, 2.1. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final Supplier<@Nullable String> token;
    private final @Nullable SSLContext trusted;

    private Credentials(Supplier<@Nullable String> token, @Nullable SSLContext trusted) {
        this.token = token;
        this.trusted = trusted;
    }

    /**
     * The token of a file, which is read for each request: whoever renews it need not start anything anew.
     *
     * @throws OperationFailedException then, where there is none in it
     */
    public Credentials withTokenOf(Path file) {
        return new Credentials(() -> requireToken(file.toString(), read(file)), trusted);
    }

    /**
     * @param source of the token, for messages, which never have the token
     * @throws OperationFailedException if it is none
     */
    public Credentials withToken(String source, String text) {
        String checked = requireToken(source, text);
        return new Credentials(() -> checked, trusted);
    }

    /**
     * Trusts these authorities and no others.
     *
     * @param file certificates in PEM
     * @throws OperationFailedException if it has none
     */
    public Credentials trusting(Path file) {
        return new Credentials(token, context(file));
    }

    /** The token as it is now; null for none. */
    @Nullable
    String token() {
        return token.get();
    }

    /** Null for that of the JDK. */
    @Nullable
    SSLContext trusted() {
        return trusted;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new OperationFailedException("the token in %s can't be read: %s".formatted(file, e), e);
        }
    }

    private static String requireToken(String source, String text) {
        String token = text.strip();
        if (!TOKEN.matcher(token).matches()) {
            throw new OperationFailedException(
                    "%s holds no token: expected one as the OpenID provider gives it, alone and in one line"
                            .formatted(source));
        }
        return token;
    }

    private static SSLContext context(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new OperationFailedException("%s has no certificates: expected some in PEM".formatted(file));
            }
            KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            for (Certificate each : certificates) {
                authorities.setCertificateEntry(Integer.toString(authorities.size()), each);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new OperationFailedException(
                    "%s can't be read: expected certificates in PEM (%s)".formatted(file, e), e);
        }
    }
}
