package dev.annals.serde;

import dev.annals.serde.registry.SchemaRegistryClient;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The client of a serde: given by the caller and left open, or made from settings and closed with the serde. */
final class ClientHandle {

    private final boolean owned;
    private @Nullable SchemaRegistryClient client;

    private ClientHandle(@Nullable SchemaRegistryClient client) {
        this.owned = client == null;
        this.client = client;
    }

    static ClientHandle shared(SchemaRegistryClient client) {
        return new ClientHandle(client);
    }

    static ClientHandle ofSettings() {
        return new ClientHandle(null);
    }

    void configure(Map<String, ?> configs) {
        if (owned) {
            close();
            client = SchemaRegistryClient.create(configs);
        }
    }

    SchemaRegistryClient get() {
        if (client == null) {
            throw new IllegalStateException("The serde has no schema registry: call configure, or pass it a client");
        }
        return client;
    }

    void close() {
        if (owned && client != null) {
            client.close();
        }
    }
}
