package dev.annals.operations.acls;

import dev.annals.engine.kafka.Topics;
import dev.annals.operations.InstalledDomains;
import dev.annals.service.TopicSettings;
import dev.annals.service.kafka.Right;
import dev.annals.service.kafka.ServiceRights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The rights of all principals of an installation. Asks no broker.
 *
 * @param rights what services need
 * @param expiring aggregate types whose old events are erased
 * @param snapshots whether query services keep states of the past
 * @param principals by role, as ACLs have them ({@code User:annals-command}); others have the default one
 * @param host from which the principals connect; {@code *} for any
 */
public record AclPlan(
        ServiceRights rights, Set<String> expiring, boolean snapshots, Map<Role, String> principals, String host) {

    /** A right that one principal gets. */
    public record PlannedAcl(
            Role role,
            String principal,
            String host,
            AclOperation operation,
            ResourceType resource,
            String name,
            PatternType pattern) {

        public Right right() {
            return new Right(operation, resource, name, pattern);
        }

        /** As Kafka's admin client makes it. */
        public AclBinding binding() {
            return new AclBinding(
                    right().at(), new AccessControlEntry(principal, host, operation, AclPermissionType.ALLOW));
        }
    }

    public AclPlan {
        expiring = Set.copyOf(expiring);
        principals = Map.copyOf(principals);
    }

    /** Of the services of these domains, as {@link AclPlan} otherwise. */
    public static ServiceRights rights(Topics topics, TopicSettings settings, InstalledDomains domains) {
        return new ServiceRights(
                topics,
                settings,
                domains.types().values(),
                domains.processes().values(),
                domains.views().values().stream()
                        .map(each -> new ServiceRights.OwnedView(each.own().type(), each.view()))
                        .toList());
    }

    /** Those of all roles, in the order of roles and resources. */
    public List<PlannedAcl> all() {
        return Arrays.stream(Role.values()).flatMap(role -> of(role).stream()).toList();
    }

    public List<PlannedAcl> of(Role role) {
        String principal = principals.getOrDefault(role, role.defaultPrincipal());
        return role.rights(rights, expiring, snapshots).stream()
                .map(right -> new PlannedAcl(
                        role, principal, host, right.operation(), right.resource(), right.name(), right.pattern()))
                .toList();
    }
}
