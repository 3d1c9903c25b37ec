package dev.annals.service.tls;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its key, and whose certificates are believed.
 *
 * @param own without a password
 * @param authorities null for nobody's
 * @param names in the own certificate, in lower case: DNS names and addresses
 * @param expires when the own certificate does
 */
public record KeyStores(KeyStore own, @Nullable KeyStore authorities, Set<String> names, Instant expires) {

    private static final int DNS_NAME = 2; // of X509Certificate.getSubjectAlternativeNames
    private static final int ADDRESS = 7;

    /** @throws IllegalArgumentException if the key is not that of the certificate */
    static KeyStores of(KeyStore own, @Nullable KeyStore authorities) {
        try {
            String alias = own.aliases().nextElement();
            Key key = own.getKey(alias, null);
            if (!(own.getCertificate(alias) instanceof X509Certificate certificate)
                    || !(key instanceof PrivateKey privateKey)
                    || !belongTogether(privateKey, certificate.getPublicKey())) {
                throw new IllegalArgumentException("the key is not that of the certificate");
            }
            return new KeyStores(
                    own,
                    authorities,
                    names(certificate),
                    certificate.getNotAfter().toInstant());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** What one signs, the other verifies: two files may be replaced one after the other. */
    private static boolean belongTogether(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                });
        signature.initSign(key);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        return signature.verify(signed);
    }

    /** The DNS names and addresses that a certificate is for, in lower case. */
    public static Set<String> names(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        return all == null
                ? Set.of()
                : all.stream()
                        .filter(each -> each.getFirst().equals(DNS_NAME)
                                || each.getFirst().equals(ADDRESS))
                        .map(each -> String.valueOf(each.get(1)).toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
    }
}
