package dev.annals.benchmarks.load;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.FreePorts;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.acls.AclPlan;
import dev.annals.operations.acls.AclPlan.PlannedAcl;
import dev.annals.operations.acls.Role;
import dev.annals.service.TopicSettings;
import dev.annals.testsupport.kafka.Protection;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A command service with everything on, beside a plain one on the same broker: its topics have a prefix of their own,
 * it and its clients are users with the rights that {@code annals acls} prints.
 */
final class SecuredService implements AutoCloseable {

    private static final String CLIENT = "annals-load";
    private static final String SERVICE = Role.COMMAND.defaultPrincipal().substring("User:".length());

    /** Limits count what comes, and refuse nothing. */
    private static final String NEVER_REACHED = "1000000";

    private final Topics topics;
    private final Protection protection;
    private final URI url = URI.create("https://127.0.0.1:" + FreePorts.any());

    SecuredService(Path folder, Topics plain) {
        topics = new Topics(plain.prefix() + "secured.");
        protection = new Protection(folder, List.of(SERVICE, CLIENT));
    }

    BrokerConfig broker(BrokerConfig plain) {
        return protection.broker(plain);
    }

    /** @param bootstrap a listener of the broker's superuser */
    void admit(String bootstrap) {
        AclPlan plan = new AclPlan(
                AclPlan.rights(topics, TopicSettings.DEFAULTS, InstalledDomains.load(List.of())),
                Set.of(),
                false,
                Map.of(Role.IMPORTER, "User:" + CLIENT, Role.OPERATOR, "User:" + CLIENT),
                "*");
        protection.admit(bootstrap, plan.all().stream().map(PlannedAcl::binding).toList());
    }

    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(protection.service(SERVICE, "secured"));
        settings.putAll(protection.instance("secured"));
        settings.put(Topics.PREFIX_KEY, topics.prefix());
        settings.put("annals.limits.commands.per.second", NEVER_REACHED);
        return settings;
    }

    Topics topics() {
        return topics;
    }

    URI url() {
        return url;
    }

    String token() {
        return protection.token("load");
    }

    /** Of a client that sends commands and reads results. */
    KafkaClients clients() {
        return new KafkaClients(Map.<String, Object>copyOf(protection.client(CLIENT)), Installation.ANSWER_LIMIT);
    }

    @Override
    public void close() {
        protection.close();
    }
}
