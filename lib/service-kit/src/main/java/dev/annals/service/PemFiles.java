package dev.annals.service;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a certificate and its key are, as PEM. They are read again when they change.
 *
 * @param certificate its chain, the own one first
 * @param key of the certificate, as PKCS#8 without a password
 */
public record PemFiles(Path certificate, Path key) {

    /**
     * @return null where neither is set
     * @throws StartupException if only one is
     */
    static @Nullable PemFiles of(Settings settings, String certificateKey, String keyKey) {
        String certificate = settings.text(certificateKey);
        String key = settings.text(keyKey);
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new StartupException("%s is not set, and %s is: TLS needs both"
                    .formatted(
                            certificate == null ? certificateKey : keyKey,
                            certificate == null ? keyKey : certificateKey));
        }
        return new PemFiles(Path.of(certificate), Path.of(key));
    }
}
