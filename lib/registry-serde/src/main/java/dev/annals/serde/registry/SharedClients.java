package dev.annals.serde.registry;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One client for all serdes of equal settings. Kafka Streams makes a serde for each task, and again when tasks move:
 * what one of them has learnt of the registry must be known to the next, all the more if the registry is away by then.
 *
 * <p>A client that no serde uses is kept as long as there is memory; the JDK ends an HTTP client that is unreachable.
 */
final class SharedClients {

    private static final Map<Map<String, Object>, SoftReference<SchemaRegistryClient>> CLIENTS = new HashMap<>();

    private SharedClients() {}

    static synchronized SchemaRegistryClient of(Map<String, ?> configs) {
        Map<String, Object> settings = settings(configs);
        SoftReference<SchemaRegistryClient> reference = CLIENTS.get(settings);
        SchemaRegistryClient known = reference == null ? null : reference.get();
        if (known != null) {
            return known;
        }
        CLIENTS.values().removeIf(forgotten -> forgotten.get() == null);
        SchemaRegistryClient client = new HttpSchemaRegistryClient(RegistryConfig.from(configs));
        CLIENTS.put(settings, new SoftReference<>(client));
        return client;
    }

    private static Map<String, Object> settings(Map<String, ?> configs) {
        return configs.entrySet().stream()
                .filter(entry -> RegistryConfig.isKey(entry.getKey()) && entry.getValue() != null)
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
