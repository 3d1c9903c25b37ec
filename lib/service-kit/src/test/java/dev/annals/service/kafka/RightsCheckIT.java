package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rights of every kind, each taken away alone, on a broker that lets nobody do anything without one. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RightsCheckIT {

    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"ann\" password=\"hers\"";

    private static final List<Right> ALL = List.of(
            right(AclOperation.READ, ResourceType.TOPIC, "events", PatternType.LITERAL),
            right(AclOperation.WRITE, ResourceType.TOPIC, "events", PatternType.LITERAL),
            right(AclOperation.DELETE, ResourceType.TOPIC, "events", PatternType.LITERAL),
            right(AclOperation.DESCRIBE_CONFIGS, ResourceType.TOPIC, "events", PatternType.LITERAL),
            right(AclOperation.ALTER_CONFIGS, ResourceType.TOPIC, "results", PatternType.LITERAL),
            right(AclOperation.DESCRIBE, ResourceType.TOPIC, "results", PatternType.LITERAL),
            right(AclOperation.CREATE, ResourceType.TOPIC, "to-be-made", PatternType.LITERAL),
            right(AclOperation.CREATE, ResourceType.TOPIC, "rows.", PatternType.PREFIXED),
            right(AclOperation.READ, ResourceType.TOPIC, "rows.", PatternType.PREFIXED),
            right(AclOperation.WRITE, ResourceType.TOPIC, "rows.", PatternType.PREFIXED),
            right(AclOperation.READ, ResourceType.TOPIC, "not-there-", PatternType.PREFIXED),
            right(AclOperation.READ, ResourceType.GROUP, "readers", PatternType.LITERAL),
            right(AclOperation.READ, ResourceType.GROUP, "folds-", PatternType.PREFIXED),
            right(AclOperation.DELETE, ResourceType.GROUP, "folds-", PatternType.PREFIXED),
            right(AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, "views", PatternType.LITERAL),
            right(AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, "folds-", PatternType.PREFIXED));

    private final BrokerProcess broker;
    private final Admin superuser;
    private final Admin ann;
    private final RightsCheck check = new RightsCheck(ALL);

    RightsCheckIT(@TempDir Path folder) throws Exception {
        int port = FreePorts.any();
        BrokerConfig config = BrokerConfig.in(folder);
        broker = BrokerProcess.start(config.with(
                        "listeners",
                        "CLIENTS://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d,SECURED://127.0.0.1:%d"
                                .formatted(config.port(), config.controllerPort(), port))
                .with(
                        "advertised.listeners",
                        "CLIENTS://127.0.0.1:%d,SECURED://127.0.0.1:%d".formatted(config.port(), port))
                .with("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_PLAINTEXT")
                .with("listener.name.secured.sasl.enabled.mechanisms", "PLAIN")
                .with("listener.name.secured.plain.sasl.jaas.config", LOGIN + " user_ann=\"hers\";")
                .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("allow.everyone.if.no.acl.found", "false")
                .with("super.users", "User:ANONYMOUS"));
        superuser = Admin.create(Map.of("bootstrap.servers", config.bootstrapServers()));
        ann = Admin.create(Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + port,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                LOGIN + ";"));
        superuser
                .createTopics(List.of(topic("events"), topic("results"), topic("rows.2")))
                .all()
                .get();
        superuser
                .alterConsumerGroupOffsets("folds-2", Map.of(new TopicPartition("events", 0), new OffsetAndMetadata(0)))
                .all()
                .get();
        superuser
                .createAcls(ALL.stream().map(RightsCheckIT::acl).toList())
                .all()
                .get();
    }

    @AfterAll
    void stop() {
        ann.close(Duration.ofSeconds(1));
        superuser.close(Duration.ofSeconds(1));
        broker.kill(); // its data goes with it
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, 1, (short) 1);
    }

    private static Right right(AclOperation operation, ResourceType type, String name, PatternType pattern) {
        return new Right(operation, type, name, pattern);
    }

    private static AclBinding acl(Right right) {
        return new AclBinding(
                right.at(), new AccessControlEntry("User:ann", "*", right.operation(), AclPermissionType.ALLOW));
    }

    private void awaitMissing(List<Right> missing) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(check.missing(ann)).isEqualTo(missing));
    }

    @Tag("heavy")
    @Test
    void each_right_that_is_missing_is_named_and_no_other() throws Exception {
        awaitMissing(List.of());
        for (Right right : ALL) {
            superuser.deleteAcls(List.of(acl(right).toFilter())).all().get();
            awaitMissing(List.of(right));
            superuser.createAcls(List.of(acl(right))).all().get();
            awaitMissing(List.of());
        }
    }

    @Test
    void without_any_right_all_are_named_that_brokers_tell_of() throws Exception {
        try (Admin nobody = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            assertThat(check.missing(nobody)).as("of a superuser").isEmpty();
        }
        assertThat(new RightsCheck(List.of(
                                right(AclOperation.READ, ResourceType.TOPIC, "others", PatternType.LITERAL),
                                right(AclOperation.CREATE, ResourceType.TOPIC, "others", PatternType.LITERAL),
                                right(AclOperation.READ, ResourceType.GROUP, "others", PatternType.LITERAL)))
                        .missing(ann).stream().map(Right::toString))
                .containsExactly("READ on topic others", "CREATE on topic others", "READ on group others");
    }

    @Test
    void a_right_to_make_what_is_there_is_a_warning() throws Exception {
        List<ClusterFinding> found = new RightsCheck(List.of(
                        right(AclOperation.CREATE, ResourceType.TOPIC, "events", PatternType.LITERAL),
                        right(AclOperation.CREATE, ResourceType.TOPIC, "results", PatternType.PREFIXED),
                        right(AclOperation.CREATE, ResourceType.TOPIC, "others", PatternType.PREFIXED)))
                .find(ann);

        assertThat(found.stream().map(ClusterFinding::severe)).containsExactly(true, false);
        assertThat(found.getFirst().text())
                .startsWith("may not CREATE on topics others*: give this right to the service's principal");
    }
}
