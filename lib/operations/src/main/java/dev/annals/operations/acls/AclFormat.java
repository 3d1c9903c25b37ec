package dev.annals.operations.acls;

import dev.annals.operations.acls.AclPlan.PlannedAcl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** How the rights of one principal are written down for whoever gives them. */
public enum AclFormat {
    /** Lines for a shell, of Kafka's own tool: one for all resources at which the same is allowed. */
    KAFKA {
        @Override
        public String text(List<PlannedAcl> acls, String target) {
            Map<Alike, List<String>> alike = new LinkedHashMap<>();
            byResource(acls)
                    .forEach((at, operations) -> alike.computeIfAbsent(
                                    new Alike(at.resourceType(), at.patternType(), operations),
                                    any -> new ArrayList<>())
                            .add(at.name()));
            PlannedAcl first = acls.getFirst();
            return alike.entrySet().stream()
                    .map(each -> line(first, each.getKey(), each.getValue(), target))
                    .collect(Collectors.joining("\n"));
        }

        private String line(PlannedAcl of, Alike alike, List<String> names, String target) {
            String option = "--" + words(alike.type().name(), "-").toLowerCase(Locale.ROOT);
            return Stream.of(
                            Stream.of(
                                    "kafka-acls.sh --bootstrap-server %s --add --allow-principal '%s' --allow-host '%s'"
                                            .formatted(target, of.principal(), of.host())),
                            alike.operations().stream().map(each -> "--operation " + words(each.name(), "")),
                            names.stream().map(name -> option + " " + name),
                            Stream.of("--resource-pattern-type prefixed")
                                    .filter(any -> alike.pattern() == PatternType.PREFIXED))
                    .flatMap(parts -> parts)
                    .collect(Collectors.joining(" "));
        }
    },

    /** A resource of Strimzi's user operator, for {@code kubectl apply}; the password is made by the operator. */
    STRIMZI {
        @Override
        public String text(List<PlannedAcl> acls, String target) {
            StringBuilder text =
                    new StringBuilder("""
                    ---
                    apiVersion: kafka.strimzi.io/v1beta2
                    kind: KafkaUser
                    metadata:
                      name: %s
                      labels:
                        strimzi.io/cluster: %s
                    spec:
                      authentication:
                        type: scram-sha-512
                      authorization:
                        type: simple
                        acls:
                    """.formatted(user(acls.getFirst().principal()), target));
            String host = acls.getFirst().host();
            byResource(acls)
                    .forEach((at, operations) -> text.append("""
                          - resource:
                              type: %s
                              name: %s
                              patternType: %s
                            operations: [%s]
                            host: "%s"
                    """.formatted(
                                    lowerCamel(at.resourceType().name()),
                                    at.name(),
                                    at.patternType() == PatternType.PREFIXED ? "prefix" : "literal",
                                    operations.stream()
                                            .map(each -> words(each.name(), ""))
                                            .collect(Collectors.joining(", ")),
                                    host)));
            return text.toString().stripTrailing();
        }
    },

    /** Resources of the provider Mongey/kafka. */
    TERRAFORM {
        @Override
        public String text(List<PlannedAcl> acls, String target) {
            return acls.stream().map(AclFormat::resource).collect(Collectors.joining());
        }
    };

    private static final String USER = "User:";

    /** Resources that go into one line. */
    private record Alike(ResourceType type, PatternType pattern, List<AclOperation> operations) {}

    /**
     * Rights in this format.
     *
     * @param acls of one principal; not empty
     * @param target the brokers for {@link #KAFKA}, the cluster's name for {@link #STRIMZI}; else nothing
     * @throws IllegalArgumentException if the format can't say of whom they are
     */
    public abstract String text(List<PlannedAcl> acls, String target);

    private static Map<ResourcePattern, List<AclOperation>> byResource(List<PlannedAcl> acls) {
        Map<ResourcePattern, List<AclOperation>> byResource = new LinkedHashMap<>();
        acls.forEach(acl -> byResource
                .computeIfAbsent(acl.right().at(), any -> new ArrayList<>())
                .add(acl.operation()));
        return byResource;
    }

    /** {@code DESCRIBE_CONFIGS} as words that begin with a capital letter. */
    private static String words(String constant, String between) {
        return Stream.of(constant.split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(between));
    }

    private static String lowerCamel(String constant) {
        String upper = words(constant, "");
        return Character.toLowerCase(upper.charAt(0)) + upper.substring(1);
    }

    /** Strimzi makes the principal of the resource's name. */
    private static String user(String principal) {
        String name = principal.substring(principal.startsWith(USER) ? USER.length() : 0);
        if (!principal.startsWith(USER) || !name.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?")) {
            throw new IllegalArgumentException(
                    "principal '%s': Strimzi wants User: and a name of Kubernetes (a-z 0-9 - .)".formatted(principal));
        }
        return name;
    }

    private static String resource(PlannedAcl acl) {
        String id = "%s_%s_%s_%s"
                .formatted(acl.role(), acl.resource(), acl.name(), acl.operation())
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_-]", "_");
        return """
                resource "kafka_acl" "%s" {
                  resource_name                = "%s"
                  resource_type                = "%s"
                  resource_pattern_type_filter = "%s"
                  acl_principal                = "%s"
                  acl_host                     = "%s"
                  acl_operation                = "%s"
                  acl_permission_type          = "Allow"
                }
                """.formatted(
                        id,
                        acl.name(),
                        acl.resource() == ResourceType.TRANSACTIONAL_ID
                                ? "TransactionalID"
                                : words(acl.resource().name(), ""),
                        words(acl.pattern().name(), ""),
                        acl.principal(),
                        acl.host(),
                        words(acl.operation().name(), ""));
    }
}
