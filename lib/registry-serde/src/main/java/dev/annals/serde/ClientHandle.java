package dev.annals.serde;

import dev.annals.serde.registry.SchemaRegistryClient;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The client of a serde: given by the caller, or found by settings. */
final class ClientHandle {

    private final boolean given;
    private @Nullable SchemaRegistryClient client;

    private ClientHandle(@Nullable SchemaRegistryClient client) {
        this.given = client != null;
        this.client = client;
    }

    static ClientHandle given(SchemaRegistryClient client) {
        return new ClientHandle(client);
    }

    static ClientHandle ofSettings() {
        return new ClientHandle(null);
    }

    void configure(Map<String, ?> configs) {
        if (!given) {
            client = SchemaRegistryClient.shared(configs);
        }
    }

    SchemaRegistryClient get() {
        if (client == null) {
            throw new IllegalStateException("The serde has no schema registry: call configure, or pass it a client");
        }
        return client;
    }
}
