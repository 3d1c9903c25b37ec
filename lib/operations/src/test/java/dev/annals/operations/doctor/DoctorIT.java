package dev.annals.operations.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.doctor.Diagnosis.Check;
import dev.annals.operations.doctor.Diagnosis.Result;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.service.TopicSettings;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
@WithKafka(brokers = 3)
class DoctorIT {

    private final KafkaCluster cluster;

    DoctorIT(KafkaCluster cluster) {
        this.cluster = cluster;
    }

    private static TopicSettings settings(int replicas, int inSync) {
        TopicSettings defaults = TopicSettings.DEFAULTS;
        return new TopicSettings(
                defaults.partitions(),
                replicas,
                inSync,
                defaults.tombstonesKept(),
                defaults.uncompacted(),
                true,
                defaults.accepted());
    }

    private Diagnosis diagnose(String prefix, TopicSettings settings) {
        KafkaAccess kafka =
                new KafkaAccess(cluster.bootstrapServers(), cluster.registryUrl(), new Topics(prefix), Map.of());
        return new Doctor(kafka, settings, List.of("accounts"), List.of(), List::of).run();
    }

    private static Check check(Diagnosis diagnosis, String name) {
        return diagnosis.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no check %s in %s".formatted(name, diagnosis)));
    }

    @Test
    void a_cluster_with_three_copies_holds_and_nothing_is_left_there() throws Exception {
        String prefix = cluster.uniqueName("healthy") + ".";

        Diagnosis diagnosis = diagnose(prefix, settings(3, 2));

        assertThat(diagnosis.holds()).as(diagnosis.toString()).isTrue();
        assertThat(diagnosis.checks().stream().map(Check::name))
                .containsExactly(
                        "rights",
                        "installation",
                        "topics",
                        "cluster",
                        "settings",
                        "transactions",
                        "clock",
                        "groups",
                        "change settings",
                        "delete records",
                        "delete topics",
                        "registry",
                        "compatibility");
        assertThat(check(diagnosis, "transactions").text()).contains("a commit takes");
        assertThat(cluster.admin().listTopics().names().get()).noneMatch(name -> name.startsWith(prefix));
        assertThat(cluster.admin().listGroups().all().get())
                .noneMatch(group -> group.groupId().startsWith(prefix));
    }

    @Test
    void one_copy_on_three_brokers_fails_and_so_does_an_installation_that_forgets() {
        String prefix = cluster.uniqueName("ill") + ".";
        cluster.createTopic(prefix + "accounts.events", 4, Map.of("cleanup.policy", "delete"));

        Diagnosis diagnosis = diagnose(prefix, settings(-1, 0));

        assertThat(diagnosis.holds()).isFalse();
        assertThat(check(diagnosis, "installation, cleanup").text())
                .contains(prefix + "accounts.events has cleanup.policy=delete");
        assertThat(check(diagnosis, "cluster, replication"))
                .matches(check -> check.result() == Result.FAILS)
                .matches(check -> check.text().contains("1 of 3 replicas, on 3 brokers"));
    }

    @Test
    void a_right_that_is_missing_is_named(@TempDir Path folder) throws Exception {
        BrokerConfig broker = BrokerConfig.in(folder)
                .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("allow.everyone.if.no.acl.found", "true");
        try (BrokerProcess process = BrokerProcess.start(broker);
                Admin admin = Admin.create(Map.of("bootstrap.servers", process.bootstrapServers()))) {
            deny(admin, ResourceType.TRANSACTIONAL_ID, AclOperation.WRITE);
            deny(admin, ResourceType.TOPIC, AclOperation.ALTER_CONFIGS);
            KafkaAccess kafka = new KafkaAccess(process.bootstrapServers(), null, new Topics("my."), Map.of());

            Diagnosis diagnosis = new Doctor(kafka, settings(-1, 0), List.of("accounts"), List.of(), List::of).run();

            assertThat(diagnosis.holds()).isFalse();
            assertThat(check(diagnosis, "transactions"))
                    .matches(check -> check.result() == Result.FAILS)
                    .matches(
                            check -> check.text()
                                    .startsWith(
                                            "may not write in transactions (WRITE on topics and on transactional ids my.annals-doctor-"));
            assertThat(check(diagnosis, "change settings").text())
                    .startsWith("may not change settings of topics (ALTER_CONFIGS)");
            assertThat(check(diagnosis, "delete topics").result()).isEqualTo(Result.HOLDS);
            assertThat(admin.listTopics().names().get()).noneMatch(name -> name.startsWith("my."));
        }
    }

    /** With an ALLOW for all else beside it: a resource that has any ACL is closed. */
    private static void deny(Admin admin, ResourceType type, AclOperation operation) throws Exception {
        ResourcePattern any = new ResourcePattern(type, "*", PatternType.LITERAL);
        admin.createAcls(List.of(
                        new AclBinding(any, new AccessControlEntry("User:*", "*", operation, AclPermissionType.DENY)),
                        new AclBinding(
                                any, new AccessControlEntry("User:*", "*", AclOperation.ALL, AclPermissionType.ALLOW))))
                .all()
                .get();
    }

    @Test
    void where_nothing_answers_it_says_so() {
        KafkaAccess nobody = new KafkaAccess(
                "127.0.0.1:1",
                null,
                new Topics(""),
                Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "500"));

        assertThatThrownBy(() -> new Doctor(nobody, settings(-1, 0), List.of(), List.of(), List::of).run())
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContaining("127.0.0.1:1");
    }
}
