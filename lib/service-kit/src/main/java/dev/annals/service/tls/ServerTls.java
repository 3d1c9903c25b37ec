package dev.annals.service.tls;

import dev.annals.service.InternalSettings.MutualTls;
import dev.annals.service.PemFiles;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS for who is listened to, with certificates that may be renewed: looked at when a connection comes. Thread-safe.
 */
public final class ServerTls implements Connection.Listener, SslHandshakeListener {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final Certificates certificates;
    private final @Nullable Set<String> instances;
    private final SslContextFactory.Server factory = new SslContextFactory.Server();

    private ServerTls(Certificates certificates, @Nullable Set<String> instances) {
        this.certificates = certificates;
        this.instances = instances;
        use(factory, certificates.current());
        factory.setNeedClientAuth(instances != null);
        factory.setIncludeProtocols(instances == null ? new String[] {"TLSv1.3", "TLSv1.2"} : new String[] {"TLSv1.3"});
    }

    /**
     * For clients, who tell who they are in another way.
     *
     * @throws dev.annals.service.StartupException if the certificate can't be used
     */
    public static ServerTls forClients(PemFiles own) {
        return new ServerTls(new Certificates(own, null), null);
    }

    /**
     * For those alone who have a certificate of an instance.
     *
     * @throws dev.annals.service.StartupException likewise
     */
    public static ServerTls forInstances(MutualTls settings) {
        return new ServerTls(new Certificates(settings.own(), settings.authorities()), settings.names());
    }

    /** To be set up in a connector, before HTTP. */
    public SslConnectionFactory over(HttpConnectionFactory http) {
        return new SslConnectionFactory(factory, http.getProtocol());
    }

    /** Has the connector say when a connection comes. */
    public void watch(ServerConnector connector) {
        connector.addBean(this);
    }

    /** When the certificate does. */
    public Instant expires() {
        return certificates.current().expires();
    }

    private static void use(SslContextFactory factory, KeyStores stores) {
        factory.setKeyStore(stores.own());
        factory.setTrustStore(stores.authorities());
    }

    @Override
    public void onOpened(Connection connection) {
        KeyStores renewed = certificates.renewed();
        if (renewed == null) {
            return;
        }
        try {
            factory.reload(reloaded -> use(reloaded, renewed));
        } catch (Exception e) { // as its signature has it
            LOG.atError().setCause(e).log("a renewed certificate can't be used; the one before is used still");
        }
    }

    @Override
    public void onClosed(Connection connection) {
        // nothing is held for it
    }

    /** Ends the handshake of who has a certificate of the authority, but not of an instance. */
    @Override
    public void handshakeSucceeded(Event event) throws SSLException {
        if (instances == null) {
            return;
        }
        try {
            if (event.getSSLEngine().getSession().getPeerCertificates()[0] instanceof X509Certificate peer) {
                Set<String> names = KeyStores.names(peer);
                if (InstanceTls.names(instances, certificates.current()).hasOneOf(names)) {
                    return;
                }
                LOG.atWarn().addKeyValue("names", names).log("a certificate of no instance was refused");
            }
        } catch (CertificateParsingException e) {
            throw new SSLException("the names in the certificate can't be read", e);
        }
        throw new SSLException("the certificate is of no instance");
    }
}
