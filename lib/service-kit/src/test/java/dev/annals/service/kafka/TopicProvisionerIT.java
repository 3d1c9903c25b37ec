package dev.annals.service.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import dev.annals.service.TestDomain;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithKafka
class TopicProvisionerIT {

    private final KafkaCluster kafka;
    private final Domains domains = new Domains(List.of(new TestDomain("counters")));
    private String prefix = "";

    TopicProvisionerIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void choosePrefix() {
        prefix = kafka.uniqueName("provision") + ".";
    }

    private ServiceConfig config(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "kafka.bootstrap.servers",
                kafka.bootstrapServers(),
                "annals.topics.prefix",
                prefix,
                "annals.topics.partitions",
                "3"));
        settings.putAll(more);
        return ServiceConfig.of(Settings.of(settings), 0);
    }

    private void provision() {
        new TopicProvisioner(config(Map.of())).provision(domains);
    }

    @Test
    void events_are_kept_for_ever_and_cleaned_rarely_commands_and_results_are_not() throws Exception {
        provision();

        assertThat(setting("counters.events", "cleanup.policy")).isEqualTo("compact");
        assertThat(setting("counters.events", "min.cleanable.dirty.ratio")).isEqualTo("0.9");
        assertThat(setting("counters.events", "delete.retention.ms")).isEqualTo("3153600000000");
        assertThat(setting("counters.commands", "cleanup.policy")).isEqualTo("delete");
        assertThat(setting("counters.commands", "retention.ms")).isEqualTo("604800000");
        assertThat(setting("counters.results", "retention.ms")).isEqualTo("86400000");
        assertThat(setting("counters.dead-letters", "retention.ms")).isEqualTo("2592000000");
    }

    @Test
    void commands_and_results_are_stamped_by_the_brokers_also_in_topics_of_before() throws Exception {
        kafka.createTopic(prefix + "counters.commands", 3, Map.of("message.timestamp.type", "CreateTime"));
        ServiceConfig config = config(Map.of());
        new TopicProvisioner(config).provision(new Domains(List.of(new TestDomain("counters"), new TestDomain("new"))));
        assertThat(setting("new.commands", "message.timestamp.type")).isEqualTo("LogAppendTime");
        assertThat(setting("new.results", "message.timestamp.type")).isEqualTo("LogAppendTime");
        assertThat(setting("new.events", "message.timestamp.type")).isEqualTo("CreateTime");

        new TopicProvisioner(config).stampByBrokers(domains);

        await().untilAsserted(() -> assertThat(setting("counters.commands", "message.timestamp.type"))
                .isEqualTo("LogAppendTime"));
        assertThat(setting("counters.commands", "cleanup.policy")).isEqualTo("delete");
    }

    @Test
    void lanes_stay_as_many_as_they_were_at_first() {
        provision();
        TopicProvisioner topics = new TopicProvisioner(config(Map.of()));

        assertThat(topics.lanes(Map.of("counters", 3), 2)).isEqualTo(Map.of("counters", 2));
        assertThat(topics.lanes(Map.of("counters", 3, "new", 3), 5)).isEqualTo(Map.of("counters", 2, "new", 3));
    }

    @Test
    void results_that_leave_before_their_ids_are_refused() {
        provision();
        TopicProvisioner topics = new TopicProvisioner(config(Map.of()));

        topics.requireResultsFor(domains, Duration.ofDays(1));
        assertThatThrownBy(() -> topics.requireResultsFor(domains, Duration.ofDays(2)))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll(
                        "topic " + prefix + "counters.results has retention.ms=86400000",
                        "--add-config retention.ms=172800000");
    }

    @Test
    void services_that_start_together_do_not_disturb_each_other() {
        CompletableFuture<?>[] all = Stream.generate(() -> CompletableFuture.runAsync(this::provision))
                .limit(4)
                .toArray(CompletableFuture[]::new);

        CompletableFuture.allOf(all).join();
        provision();
    }

    @Test
    void different_numbers_of_partitions_are_refused_with_both_topics() {
        kafka.createTopic(prefix + "counters.events", 5, Map.of("cleanup.policy", "compact"));

        assertThatThrownBy(this::provision)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(prefix + "counters.commands has 3 partitions")
                .hasMessageContaining(prefix + "counters.events has 5");
    }

    @Test
    void partitions_added_to_both_topics_are_refused_with_the_number_at_creation() throws Exception {
        provision();
        provision();
        growTo(8, "counters.commands", "counters.events");

        assertThatThrownBy(this::provision)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(prefix + "counters.commands has 8 partitions, but was made with 3")
                .hasMessageContaining("histories would split");
    }

    @Test
    void partitions_added_to_one_topic_are_refused_with_its_name() throws Exception {
        provision();
        growTo(4, "counters.events");

        assertThatThrownBy(this::provision)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(prefix + "counters.events has 4 partitions, but was made with 3");
    }

    @Test
    void a_command_topic_made_anew_with_another_number_is_refused_too() throws Exception {
        provision();
        List<String> topics = List.of(prefix + "counters.commands");
        kafka.admin().deleteTopics(topics).all().get();
        await().until(() -> kafka.admin().listTopics().names().get().stream().noneMatch(topics::contains));

        ServiceConfig other = config(Map.of("annals.topics.partitions", "5"));
        assertThatThrownBy(() -> new TopicProvisioner(other).provision(domains))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("has 5 partitions, but was made with 3");
    }

    @Test
    void of_two_records_the_first_counts_and_a_new_type_gets_its_own() throws Exception {
        provision();
        PartitionCatalog catalog =
                new PartitionCatalog(prefix + "annals.catalog", config(Map.of()).kafka(), Duration.ofSeconds(10));
        catalog.write(Map.of("counters", 5, "others", 7));

        assertThat(catalog.read().partitions()).isEqualTo(Map.of("counters", 3, "others", 7));
        provision();
        new TopicProvisioner(config(Map.of("annals.topics.partitions", "2")))
                .provision(new Domains(List.of(new TestDomain("counters"), new TestDomain("tallies"))));
        assertThat(catalog.read().partitions()).containsEntry("counters", 3).containsEntry("tallies", 2);
    }

    @Test
    void what_nobody_of_us_has_recorded_stops_no_start() throws Exception {
        provision();
        try (var producer = new KafkaClients(config(Map.of()).kafka(), Duration.ofSeconds(10)).producer(Map.of())) {
            String catalog = prefix + "annals.catalog";
            producer.send(new ProducerRecord<>(catalog, null, new byte[1])).get();
            producer.send(new ProducerRecord<>(catalog, "counters".getBytes(UTF_8), new byte[1]))
                    .get();
        }

        provision();
    }

    @Test
    void what_is_recorded_is_kept_for_ever() throws Exception {
        provision();

        assertThat(setting("annals.catalog", "cleanup.policy")).isEqualTo("delete");
        assertThat(setting("annals.catalog", "retention.ms")).isEqualTo("-1");
        assertThat(setting("annals.catalog", "retention.bytes")).isEqualTo("-1");
    }

    private void growTo(int partitions, String... topics) throws Exception {
        Map<String, NewPartitions> wanted = new HashMap<>();
        for (String topic : topics) {
            wanted.put(prefix + topic, NewPartitions.increaseTo(partitions));
        }
        kafka.admin().createPartitions(wanted).all().get();
    }

    @Test
    void events_can_be_kept_for_ever_without_compaction() throws Exception {
        TopicProvisioner uncompacted = new TopicProvisioner(config(Map.of("annals.topics.uncompacted", "counters")));
        var first = uncompacted.provision(domains);
        var second = uncompacted.provision(domains);

        assertThat(second).isEqualTo(first);
        assertThat(setting("counters.events", "cleanup.policy")).isEqualTo("delete");
        assertThat(setting("counters.events", "retention.ms")).isEqualTo("-1");
        assertThat(setting("counters.events", "retention.bytes")).isEqualTo("-1");
        assertThatThrownBy(this::provision)
                .hasMessageContaining(prefix + "counters.events has cleanup.policy=delete: it must be compact");
    }

    @Test
    void where_services_may_make_no_topics_the_missing_ones_are_named_with_the_line_that_makes_them() {
        TopicProvisioner makesNone = new TopicProvisioner(config(Map.of("annals.topics.create", "false")));

        assertThatThrownBy(() -> makesNone.provision(domains))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("7 topics are missing, and annals.topics.create=false")
                .hasMessageContaining(
                        "kafka-topics.sh --bootstrap-server %s --create --if-not-exists --topic %scounters.events --partitions 3 --config cleanup.policy=compact"
                                .formatted(kafka.bootstrapServers(), prefix));

        provision();
        var unused = makesNone.provision(domains);
    }

    @Test
    void who_is_not_there_can_not_be_left_uncompacted() {
        assertThatThrownBy(() ->
                        new TopicProvisioner(config(Map.of("annals.topics.uncompacted", "counter"))).provision(domains))
                .isInstanceOf(StartupException.class)
                .hasMessage(
                        "annals.topics.uncompacted=counter: there is no such aggregate type or process; there are: counters");
    }

    @Test
    void an_event_topic_that_forgets_is_refused() {
        kafka.createTopic(prefix + "counters.events", 3, Map.of("cleanup.policy", "compact,delete"));

        assertThatThrownBy(this::provision)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(prefix + "counters.events has cleanup.policy=compact,delete");
    }

    @Test
    void a_broker_that_does_not_come_is_waited_for_within_a_limit() {
        ServiceConfig nobody =
                config(Map.of("kafka.bootstrap.servers", "127.0.0.1:1", "annals.startup.timeout.seconds", "1"));

        assertThatThrownBy(() -> new TopicProvisioner(nobody).provision(domains))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("Kafka at 127.0.0.1:1 did not answer within 1 s")
                .hasMessageContaining("kafka.bootstrap.servers")
                .hasMessageContaining("127.0.0.1:1: Connection refused");
    }

    /** It takes the connection and closes it, and the client tries again: nothing but a time-out comes of it. */
    @Test
    void a_listener_of_another_security_protocol_is_guessed() {
        ServiceConfig tls = config(Map.of("kafka.security.protocol", "SSL", "annals.startup.timeout.seconds", "1"));

        assertThatThrownBy(() -> new TopicProvisioner(tls).provision(domains))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("kafka.security.protocol=SSL");
    }

    @Test
    void settings_of_which_no_client_can_be_made_are_told_with_their_reason() {
        ServiceConfig tls =
                config(Map.of("kafka.security.protocol", "SSL", "kafka.ssl.truststore.location", "/there/is/none.jks"));

        assertThatThrownBy(() -> new TopicProvisioner(tls).provision(domains))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("/there/is/none.jks");
    }

    private String setting(String topic, String key) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, prefix + topic);
        Map<ConfigResource, Config> found =
                kafka.admin().describeConfigs(List.of(resource)).all().get();
        return found.values().iterator().next().get(key).value();
    }
}
