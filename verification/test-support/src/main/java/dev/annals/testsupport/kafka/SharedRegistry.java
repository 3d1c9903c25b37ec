package dev.annals.testsupport.kafka;

import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;

/** The one schema registry of this JVM. */
final class SharedRegistry implements AutoCloseable {
    private final TemporaryFolder folder = new TemporaryFolder("annals-registry");
    private final RegistryProcess registry = RegistryProcess.start(RegistryConfig.in(folder.path()));

    String url() {
        return registry.url();
    }

    @Override
    public void close() {
        registry.kill(); // its data goes with it
        folder.delete();
    }
}
