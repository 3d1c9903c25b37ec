package dev.annals.checker.cluster;

import dev.annals.checker.workload.Principal;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.acls.AclPlan;
import dev.annals.operations.acls.AclPlan.PlannedAcl;
import dev.annals.operations.acls.Role;
import dev.annals.service.TopicSettings;
import dev.annals.testsupport.kafka.Protection;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclBinding;

/**
 * Who uses an installation with everything on: each service, with the rights that {@code annals acls} prints, and
 * clients, who are one user of Kafka and one principal, so that their command ids mean the same over topics and HTTP.
 */
final class Users {

    private static final String CLIENT = "annals-checker";
    private static final String SUBJECT = "checker";
    private static final Set<Role> ASK_EACH_OTHER = Set.of(Role.COMMAND, Role.QUERY);

    private Users() {}

    /** Of Kafka. */
    static Collection<String> all() {
        return Stream.of(Role.values()).map(Users::user).toList();
    }

    static List<AclBinding> rights() {
        return new AclPlan(
                        AclPlan.rights(new Topics(""), TopicSettings.DEFAULTS, InstalledDomains.load(List.of())),
                        Set.of(),
                        false,
                        Map.of(Role.IMPORTER, "User:" + CLIENT, Role.OPERATOR, "User:" + CLIENT),
                        "*")
                .all().stream().map(PlannedAcl::binding).toList();
    }

    private static String user(Role role) {
        return role == Role.IMPORTER || role == Role.OPERATOR
                ? CLIENT
                : role.defaultPrincipal().substring("User:".length());
    }

    /** Settings of a service. */
    static Map<String, String> service(Protection protection, Role role, String name) {
        Map<String, String> settings = protection.service(user(role), name);
        if (ASK_EACH_OTHER.contains(role)) {
            settings.putAll(protection.instance(name));
        }
        return settings;
    }

    /** Settings of a client that is no service, as a service would have them. */
    static Map<String, String> client(Protection protection) {
        Map<String, String> settings = new HashMap<>();
        protection.client(CLIENT).forEach((key, value) -> settings.put("kafka." + key, value));
        return settings;
    }

    static Principal principal(Protection protection) {
        return new Principal(protection.authId(SUBJECT), () -> protection.token(SUBJECT));
    }
}
