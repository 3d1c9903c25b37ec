package dev.annals.testsupport.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;

/** A certificate authority of a test, and the certificates that it signs, as PEM files. */
public final class TestCertificates {

    private final HeldCertificate authority;

    public TestCertificates() {
        authority = new HeldCertificate.Builder()
                .commonName("authority of a test")
                .certificateAuthority(0)
                .build();
    }

    /** Signed now, with a key of its own, for these names. */
    public HeldCertificate sign(String... names) {
        return signUntil(Instant.now().plus(Duration.ofHours(1)), names);
    }

    public HeldCertificate signUntil(Instant end, String... names) {
        HeldCertificate.Builder certificate = new HeldCertificate.Builder()
                .commonName("a test")
                .signedBy(authority)
                .validityInterval(end.minus(Duration.ofDays(1)).toEpochMilli(), end.toEpochMilli());
        for (String name : names) {
            certificate.addSubjectAlternativeName(name);
        }
        return certificate.build();
    }

    /** @return the authority's own certificate */
    public Path writeAuthority(Path file) {
        return write(file, authority.certificatePem());
    }

    public static Path writeCertificate(Path file, HeldCertificate certificate) {
        return write(file, certificate.certificatePem());
    }

    /** As PKCS#8. */
    public static Path writeKey(Path file, HeldCertificate certificate) {
        return write(file, certificate.privateKeyPkcs8Pem());
    }

    /**
     * Of a service on loopback that answers over TLS.
     *
     * @param name of the service, for its files
     */
    public Map<String, String> httpSettings(Path folder, String name) {
        return settings("annals.http.tls.", folder, name + ".http");
    }

    /**
     * Of a service on loopback whose instances know each other by certificates, on a free port.
     *
     * @param name of the instance, for its files
     */
    public Map<String, String> instanceSettings(Path folder, String name) {
        Map<String, String> settings = settings("annals.internal.tls.", folder, name + ".internal");
        settings.put(
                "annals.internal.tls.ca",
                writeAuthority(folder.resolve(name + ".ca.pem")).toString());
        settings.put("annals.internal.port", "0");
        return settings;
    }

    private Map<String, String> settings(String prefix, Path folder, String file) {
        HeldCertificate certificate = sign("127.0.0.1");
        Map<String, String> settings = new HashMap<>();
        settings.put(
                prefix + "certificate",
                writeCertificate(folder.resolve(file + ".pem"), certificate).toString());
        settings.put(
                prefix + "key",
                writeKey(folder.resolve(file + ".key"), certificate).toString());
        return settings;
    }

    /** Both in one file, as Kafka's key stores of type PEM have it. */
    public static Path writeKeyStore(Path file, HeldCertificate certificate) {
        return write(file, certificate.privateKeyPkcs8Pem() + certificate.certificatePem());
    }

    private static Path write(Path file, String pem) {
        try {
            return Files.writeString(file, pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Of a client that believes this authority.
     *
     * @param own with which it says who it is; null for a client without
     */
    public SSLContext client(@Nullable HeldCertificate own) {
        HandshakeCertificates.Builder certificates =
                new HandshakeCertificates.Builder().addTrustedCertificate(authority.certificate());
        if (own != null) {
            certificates.heldCertificate(own);
        }
        return certificates.build().sslContext();
    }
}
