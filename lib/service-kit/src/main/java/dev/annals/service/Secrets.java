package dev.annals.service;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;

/** Which settings are shown to operators, and which are kept back. */
final class Secrets {

    private static final String KAFKA = "kafka.";

    /** Of the serializers, which no definition of Kafka's names. */
    private static final Set<String> SHOWN = Set.of("schema.registry.url", "value.subject.name.strategy");

    /** A user and a password in an address. */
    private static final Pattern CREDENTIALS = Pattern.compile("//[^/\\s]*@");

    private static final Map<String, ConfigDef.Type> TYPES = types();

    private Secrets() {}

    private static Map<String, ConfigDef.Type> types() {
        Map<String, ConfigDef.Type> types = new TreeMap<>();
        for (ConfigDef each : new ConfigDef[] {
            ProducerConfig.configDef(),
            ConsumerConfig.configDef(),
            AdminClientConfig.configDef(),
            StreamsConfig.configDef()
        }) {
            each.configKeys().forEach((name, key) -> types.put(name, key.type));
        }
        return types;
    }

    /** Of Kafka's clients all that they do not know is one: a plugin's password has a name that only it knows. */
    static boolean isSecret(String key, String value) {
        if (SecretsInClear.isSecret(key) || CREDENTIALS.matcher(value).find()) {
            return true;
        }
        if (!key.startsWith(KAFKA)) {
            return false;
        }
        String name = key.substring(KAFKA.length());
        ConfigDef.Type type =
                TYPES.get(name.replaceFirst("^(producer|consumer|admin|main\\.consumer|restore\\.consumer)\\.", ""));
        return type == null ? !SHOWN.contains(name) : type == ConfigDef.Type.PASSWORD;
    }
}
