package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.engine.kafka.NewTopics;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import dev.annals.service.TestDomain;
import dev.annals.service.Workers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
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

/** Where only an operator may change a topic's settings. */
@Tag("long")
class UnchangeableTopicsIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String COMMANDS = "counters.commands";

    @TempDir
    private Path folder;

    @Test
    void a_topic_that_may_not_be_changed_is_refused_with_the_command_that_changes_it() throws Exception {
        BrokerConfig broker = BrokerConfig.in(folder)
                .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("allow.everyone.if.no.acl.found", "true");
        try (BrokerProcess process = BrokerProcess.start(broker);
                Admin admin = Admin.create(Map.of("bootstrap.servers", process.bootstrapServers()))) {
            List<NewTopic> topics = Stream.of(COMMANDS, "counters.results", "counters.states")
                    .map(name -> new NewTopic(name, Optional.of(1), Optional.empty()))
                    .toList();
            admin.createTopics(topics).all().get();
            NewTopics.awaitLeaders(admin, topics, LIMIT);
            admin.createAcls(Stream.of(AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS)
                            .map(UnchangeableTopicsIT::allowed)
                            .toList())
                    .all()
                    .get();

            assertThatThrownBy(() -> new TopicProvisioner(config(process))
                            .stampByBrokers(new Domains(List.of(new TestDomain("counters")))))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContainingAll(
                            "topic counters.commands has message.timestamp.type=CreateTime",
                            "TopicAuthorizationException",
                            "kafka-configs.sh --bootstrap-server " + process.bootstrapServers()
                                    + " --alter --entity-type topics --entity-name counters.commands"
                                    + " --add-config message.timestamp.type=LogAppendTime");
        }
    }

    /** The changelogs of other services are none of its business. */
    @Test
    void a_topic_of_another_service_whose_settings_may_not_be_seen_is_left_alone() throws Exception {
        String changelog = "annals-view-counters-1-aggregates-changelog";
        BrokerConfig broker = BrokerConfig.in(folder)
                .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("allow.everyone.if.no.acl.found", "true");
        try (BrokerProcess process = BrokerProcess.start(broker);
                Admin admin = Admin.create(Map.of("bootstrap.servers", process.bootstrapServers()))) {
            Domains domains = new Domains(List.of(new TestDomain("counters")));
            var provisioned = new TopicProvisioner(config(process)).provision(domains);
            admin.createTopics(List.of(new NewTopic(changelog, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            admin.createAcls(List.of(allowed(changelog, AclOperation.DESCRIBE)))
                    .all()
                    .get();
            Workers workers = new Workers(new SimpleMeterRegistry());
            try (ClusterWatch watch =
                    new ClusterWatch(config(process), domains, true, workers, Duration.ofMillis(100))) {
                watch.start(provisioned.topics());

                await().atMost(LIMIT).until(() -> watch.looks() > 2);
                assertThat(watch.reasonsAgainst()).isEmpty();
                assertThat(workers.reasonsAgainst()).isEmpty();
            }
        }
    }

    private static AclBinding allowed(AclOperation operation) {
        return allowed(COMMANDS, operation);
    }

    private static AclBinding allowed(String topic, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:*", "*", operation, AclPermissionType.ALLOW));
    }

    private static ServiceConfig config(BrokerProcess broker) {
        return ServiceConfig.of(Settings.of(Map.of("kafka.bootstrap.servers", broker.bootstrapServers())), 0);
    }
}
