package dev.annals.operations.acls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.accounts.AccountsDomain;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.acls.AclPlan.PlannedAcl;
import dev.annals.orders.OrdersDomain;
import dev.annals.service.TopicSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class AclPlanTest {

    private static final InstalledDomains DOMAINS =
            new InstalledDomains(List.of(new OrdersDomain(), new AccountsDomain()));

    private static AclPlan plan(TopicSettings settings, Set<String> expiring, boolean snapshots) {
        return new AclPlan(AclPlan.rights(new Topics("shop."), settings, DOMAINS), expiring, snapshots, Map.of(), "*");
    }

    private final AclPlan plan = plan(TopicSettings.DEFAULTS, Set.of(), false);

    private static List<String> rights(AclPlan plan, Role role) {
        return plan.of(role).stream().map(acl -> acl.right().toString()).toList();
    }

    @Test
    void the_command_service_writes_events_and_states() {
        assertThat(rights(plan, Role.COMMAND))
                .contains(
                        "WRITE on topic shop.orders.events",
                        "READ on topic shop.orders.commands",
                        "WRITE on topic shop.orders.states",
                        "READ on topic shop.orders.results",
                        "READ on topic shop.annals.views",
                        "READ on group shop.annals-command-orders",
                        "WRITE on transactional ids shop.annals-orders-*")
                .doesNotContain(
                        "WRITE on topic shop.transfers.journal",
                        "WRITE on topic shop.annals.views",
                        "READ on group shop.annals-retention-orders");
    }

    @Test
    void nobody_but_command_service_and_operator_writes_events() {
        assertThat(plan.all().stream()
                        .filter(acl -> acl.operation() == AclOperation.WRITE)
                        .filter(acl -> acl.name().endsWith(".events"))
                        .map(PlannedAcl::role))
                .containsOnly(Role.COMMAND, Role.OPERATOR);
    }

    @Test
    void nobody_but_the_projector_writes_rows() {
        assertThat(plan.all().stream()
                        .filter(acl -> acl.operation() == AclOperation.WRITE)
                        .filter(acl -> acl.name().endsWith(".view."))
                        .map(PlannedAcl::role))
                .containsOnly(Role.PROJECTOR);
    }

    @Test
    void what_has_a_name_is_named() {
        assertThat(plan.all().stream()
                        .filter(acl -> acl.pattern() == PatternType.PREFIXED)
                        .filter(acl -> acl.resource() == ResourceType.TOPIC)
                        .map(PlannedAcl::name))
                .allMatch(name -> name.endsWith(".view.")
                        || name.startsWith("shop.annals-view-")
                        || name.equals("shop.annals-doctor-"));
    }

    @Test
    void who_sends_commands_reads_results_and_nothing_else() {
        assertThat(rights(plan, Role.IMPORTER))
                .containsExactly(
                        "WRITE on topic shop.accounts.commands",
                        "READ on topic shop.accounts.results",
                        "WRITE on topic shop.orders.commands",
                        "READ on topic shop.orders.results");
    }

    @Test
    void a_right_that_another_one_brings_with_it_is_not_among_them() {
        assertThat(plan.all())
                .doesNotHaveDuplicates()
                .filteredOn(acl -> acl.operation() == AclOperation.DESCRIBE)
                .allMatch(describe -> plan.of(describe.role()).stream()
                        .filter(acl -> acl.right().at().equals(describe.right().at()))
                        .noneMatch(acl -> Set.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DELETE)
                                .contains(acl.operation())));
    }

    @Test
    void where_topics_exist_no_service_may_make_any() {
        assertThat(plan.of(Role.PROJECTOR)).anyMatch(acl -> acl.operation() == AclOperation.CREATE);
        assertThat(plan(TopicSettings.DEFAULTS.withoutCreation(), Set.of(), false)
                        .all())
                .filteredOn(acl -> acl.operation() == AclOperation.CREATE)
                .extracting(PlannedAcl::name)
                .containsExactly("shop.annals-doctor-");
    }

    @Test
    void settings_that_are_off_by_default_want_rights_of_their_own() {
        AclPlan more = plan(TopicSettings.DEFAULTS, Set.of("accounts"), true);

        assertThat(rights(more, Role.COMMAND)).contains("READ on group shop.annals-retention-accounts");
        assertThat(rights(more, Role.QUERY))
                .contains(
                        "WRITE on topics shop.annals-query-accounts.events-*",
                        "READ on groups shop.annals-query-accounts.events*");
    }

    private static final List<PlannedAcl> SOME = List.of(
            acl(AclOperation.READ, ResourceType.TOPIC, "a.events", PatternType.LITERAL),
            acl(AclOperation.DESCRIBE_CONFIGS, ResourceType.TOPIC, "a.events", PatternType.LITERAL),
            acl(AclOperation.READ, ResourceType.TOPIC, "b.events", PatternType.LITERAL),
            acl(AclOperation.DESCRIBE_CONFIGS, ResourceType.TOPIC, "b.events", PatternType.LITERAL),
            acl(AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, "annals-view-a-", PatternType.PREFIXED));

    private static PlannedAcl acl(AclOperation operation, ResourceType type, String name, PatternType pattern) {
        return new PlannedAcl(Role.QUERY, "User:annals-query", "*", operation, type, name, pattern);
    }

    @Test
    void the_lines_of_kafkas_own_tool_give_them() {
        assertThat(AclFormat.KAFKA.text(SOME, "broker:9092"))
                .isEqualTo(
                        "kafka-acls.sh --bootstrap-server broker:9092 --add --allow-principal 'User:annals-query' --allow-host '*'"
                                + " --operation Read --operation DescribeConfigs --topic a.events --topic b.events\n"
                                + "kafka-acls.sh --bootstrap-server broker:9092 --add --allow-principal 'User:annals-query' --allow-host '*'"
                                + " --operation Write --transactional-id annals-view-a- --resource-pattern-type prefixed");
    }

    @Test
    void strimzi_has_a_resource_for_each_principal() {
        assertThat(AclFormat.STRIMZI.text(SOME.subList(0, 2), "main")).isEqualTo("""
                        ---
                        apiVersion: kafka.strimzi.io/v1beta2
                        kind: KafkaUser
                        metadata:
                          name: annals-query
                          labels:
                            strimzi.io/cluster: main
                        spec:
                          authentication:
                            type: scram-sha-512
                          authorization:
                            type: simple
                            acls:
                              - resource:
                                  type: topic
                                  name: a.events
                                  patternType: literal
                                operations: [Read, DescribeConfigs]
                                host: "*\"""");
        PlannedAcl other = new PlannedAcl(
                Role.QUERY,
                "User:CN=query",
                "*",
                AclOperation.READ,
                ResourceType.TOPIC,
                "a.events",
                PatternType.LITERAL);
        assertThatThrownBy(() -> AclFormat.STRIMZI.text(List.of(other), "main"))
                .hasMessageContaining("principal 'User:CN=query': Strimzi wants");
    }

    @Test
    void terraform_has_a_resource_for_each_right() {
        assertThat(AclFormat.TERRAFORM.text(SOME.subList(4, 5), "")).isEqualTo("""
                        resource "kafka_acl" "query_transactional_id_annals-view-a-_write" {
                          resource_name                = "annals-view-a-"
                          resource_type                = "TransactionalID"
                          resource_pattern_type_filter = "Prefixed"
                          acl_principal                = "User:annals-query"
                          acl_host                     = "*"
                          acl_operation                = "Write"
                          acl_permission_type          = "Allow"
                        }
                        """);
    }
}
