package dev.annals.service.tls;

import dev.annals.service.InternalSettings.MutualTls;
import java.security.GeneralSecurityException;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Mutual TLS for whoever asks another instance. Thread-safe. */
public final class InstanceTls {

    private static final String VERSION = "TLSv1.3";

    private final MutualTls settings;
    private final Certificates certificates;

    /** @throws dev.annals.service.StartupException if the certificates can't be used */
    public InstanceTls(MutualTls settings) {
        this.settings = settings;
        this.certificates = new Certificates(settings.own(), settings.authorities());
    }

    static InstanceNames names(Set<String> configured, KeyStores own) {
        return new InstanceNames(configured.isEmpty() ? own.names() : configured);
    }

    /** Whether an instance may have this name; whether it has, its certificate must tell. */
    public boolean mayBe(String host) {
        return names(settings.names(), certificates.current()).has(host);
    }

    public SSLContext context() {
        return context(certificates.current());
    }

    /** What to ask with from now on, where the certificates were renewed; null where not. */
    public @Nullable SSLContext renewed() {
        KeyStores renewed = certificates.renewed();
        return renewed == null ? null : context(renewed);
    }

    private static SSLContext context(KeyStores stores) {
        try {
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(stores.own(), null);
            TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            others.init(stores.authorities());
            SSLContext context = SSLContext.getInstance(VERSION);
            context.init(own.getKeyManagers(), others.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificates that could be read can't be used", e);
        }
    }
}
