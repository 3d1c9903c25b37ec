package dev.annals.service.kafka;

import dev.annals.api.AggregateType;
import dev.annals.api.ProcessManager;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.NewTopics;
import dev.annals.engine.kafka.Topics;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.StartupException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics that a service needs, and refuses what would break a guarantee.
 *
 * <p>Waits for a broker that is not there yet, up to the startup timeout. Any number of services may do this at once:
 * whose topic comes first is kept.
 */
public final class TopicProvisioner {

    private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);

    /** Of one try, in which the client keeps connecting; long enough for a broker under load to make a dozen topics. */
    private static final Duration TRY_LIMIT = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final ServiceConfig config;
    private final Reachability kafka;

    /**
     * How many partitions there are.
     *
     * @param types of the commands and the events of each aggregate type, by the type's name
     * @param journals of the journal of each process, by its name
     */
    public record Provisioned(Map<String, Integer> types, Map<String, Integer> journals) {}

    public TopicProvisioner(ServiceConfig config) {
        this.config = config;
        this.kafka = new Reachability(config);
    }

    /**
     * Has all topics of the domains there, as the contract says, but those of views: a projector makes these when it
     * begins a generation.
     *
     * @throws StartupException if the broker does not answer in time, refuses, or has topics that break the contract
     */
    public Provisioned provision(Domains domains) {
        Topics topics = config.topics();
        List<String> types =
                domains.aggregates().stream().map(type -> type.name()).toList();
        List<TopicSpec> specs = new ArrayList<>(List.of(TopicSpec.catalog(topics)));
        types.forEach(type -> specs.addAll(TopicSpec.ofAggregate(topics, type)));
        domains.processes().forEach(process -> specs.addAll(TopicSpec.ofProcess(topics, process.name())));
        specs.add(TopicSpec.replies(topics));
        specs.add(TopicSpec.views(topics));
        ensure(specs);
        return verify(
                types, domains.processes().stream().map(ProcessManager::name).toList());
    }

    /**
     * When processes began, which is recorded once, for ever; after {@link #provision}, and throws as that.
     *
     * @param journals how many partitions the journal of each has, by its name
     * @param otherwise where one has never begun: the time that is recorded now
     */
    public Map<String, Instant> beginnings(Map<String, Integer> journals, Map<String, Instant> otherwise) {
        PartitionCatalog catalog = catalog();
        Map<String, Instant> recorded = persistently(catalog::beginnings);
        Map<String, Instant> unrecorded = new LinkedHashMap<>(otherwise);
        unrecorded.keySet().removeAll(recorded.keySet());
        if (unrecorded.isEmpty()) {
            return recorded;
        }
        persistently(() -> {
            catalog.writeBeginnings(journals, unrecorded);
            return true;
        });
        return persistently(catalog::beginnings); // another instance may have recorded first
    }

    private PartitionCatalog catalog() {
        return new PartitionCatalog(config.topics().catalog(), config.kafka(), tryLimit());
    }

    /**
     * Creates those of the topics that are missing, and waits until they can be written to; leaves the others as they
     * are.
     */
    public void ensure(Collection<TopicSpec> specs) {
        try (Admin admin = admin()) {
            List<NewTopic> missing = persistently(() -> missing(admin, specs));
            persistently(() -> {
                create(admin, missing);
                NewTopics.awaitLeaders(admin, missing, tryLimit());
                return true;
            });
        }
    }

    private List<NewTopic> missing(Admin admin, Collection<TopicSpec> specs)
            throws ExecutionException, InterruptedException {
        Set<String> there = admin.listTopics().names().get();
        return specs.stream()
                .filter(spec -> !there.contains(spec.name()))
                .map(this::newTopic)
                .toList();
    }

    private static void create(Admin admin, List<NewTopic> topics) throws ExecutionException, InterruptedException {
        for (Map.Entry<String, KafkaFuture<Void>> each :
                admin.createTopics(topics).values().entrySet()) {
            try {
                each.getValue().get();
                LOG.atInfo().addKeyValue("topic", each.getKey()).log("topic created");
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private NewTopic newTopic(TopicSpec spec) {
        int partitions = Objects.requireNonNullElse(spec.partitions(), config.partitions());
        return new NewTopic(spec.name(), partitions, (short) config.replicationFactor()).configs(spec.config());
    }

    private Provisioned verify(List<String> types, List<String> processes) {
        PartitionCatalog catalog = catalog();
        Map<String, Integer> recorded = persistently(catalog::read);
        try (Admin admin = admin()) {
            Map<String, Integer> unrecorded = new LinkedHashMap<>();
            for (String type : types) {
                requireCompaction(admin, config.topics().events(type));
                if (!recorded.containsKey(type)) {
                    unrecorded.put(type, equalPartitions(admin, type));
                }
            }
            Map<String, TopicDescription> journals = new LinkedHashMap<>();
            for (String process : processes) {
                String journal = config.topics().journal(process);
                requireCompaction(admin, journal);
                journals.put(process, describe(admin, journal));
                if (!recorded.containsKey(process)) {
                    unrecorded.put(process, journals.get(process).partitions().size());
                }
            }
            if (!unrecorded.isEmpty()) {
                recorded = record(catalog, unrecorded);
            }
            Map<String, Integer> ofTypes = new LinkedHashMap<>();
            for (String type : types) {
                int count = recorded.getOrDefault(type, 0);
                requireAsRecorded(describe(admin, config.topics().commands(type)), count);
                requireAsRecorded(describe(admin, config.topics().events(type)), count);
                ofTypes.put(type, count);
            }
            Map<String, Integer> ofJournals = new LinkedHashMap<>();
            for (Map.Entry<String, TopicDescription> journal : journals.entrySet()) {
                int count = recorded.getOrDefault(journal.getKey(), 0);
                requireAsRecorded(journal.getValue(), count);
                ofJournals.put(journal.getKey(), count);
            }
            return new Provisioned(ofTypes, ofJournals);
        }
    }

    /** Read back, since another service may have recorded first. */
    private Map<String, Integer> record(PartitionCatalog catalog, Map<String, Integer> partitions) {
        persistently(() -> {
            catalog.write(partitions);
            return true;
        });
        Map<String, Integer> recorded = persistently(catalog::read);
        LOG.atInfo().addKeyValue("partitions", recorded).log("numbers of partitions recorded");
        return recorded;
    }

    private void requireAsRecorded(TopicDescription topic, int recorded) {
        int partitions = topic.partitions().size();
        if (partitions != recorded) {
            throw new StartupException(
                    ("topic %s has %d partitions, but was made with %d (recorded in topic %s): with another number, ids"
                                    + " belong to other partitions, and histories would split; make the topic anew with %d,"
                                    + " or start a new installation with another %s")
                            .formatted(
                                    topic.name(),
                                    partitions,
                                    recorded,
                                    config.topics().catalog(),
                                    recorded,
                                    Topics.PREFIX_KEY));
        }
    }

    private int equalPartitions(Admin admin, String type) {
        TopicDescription events = describe(admin, config.topics().events(type));
        requireEqualPartitions(describe(admin, config.topics().commands(type)), events);
        return events.partitions().size();
    }

    private TopicDescription describe(Admin admin, String topic) {
        return persistently(
                () -> only(admin.describeTopics(List.of(topic)).allTopicNames().get()));
    }

    private static void requireEqualPartitions(TopicDescription commands, TopicDescription events) {
        int commandPartitions = commands.partitions().size();
        int eventPartitions = events.partitions().size();
        if (commandPartitions != eventPartitions) {
            throw new StartupException(
                    ("topic %s has %d partitions and topic %s has %d: they must have the same number, since commands and"
                                    + " events of an aggregate share a partition; create the wrong one anew with %s")
                            .formatted(
                                    commands.name(),
                                    commandPartitions,
                                    events.name(),
                                    eventPartitions,
                                    ServiceConfig.PARTITIONS));
        }
    }

    /**
     * Has the brokers stamp commands when they come ({@code LogAppendTime}), also in topics that were made before this
     * was asked for. By those times a partition forgets command ids: a sender's clock, or whim, would make it forget
     * all of them at once.
     *
     * @throws StartupException if the setting can't be changed; the message has the command that does it
     */
    public void stampCommands(Domains domains) {
        try (Admin admin = admin()) {
            for (AggregateType<?, ?, ?> type : domains.aggregates()) {
                String commands = config.topics().commands(type.name());
                String stamped = setting(admin, commands, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);
                if (!stamped.equals(TopicSpec.BROKERS_CLOCK)) {
                    persistently(() -> stamp(admin, commands, stamped));
                    LOG.atInfo()
                            .addKeyValue("topic", commands)
                            .addKeyValue("before", stamped)
                            .log("commands are stamped by the brokers from now on");
                }
            }
        }
    }

    private boolean stamp(Admin admin, String commands, String before) throws ExecutionException, InterruptedException {
        ConfigEntry wanted = new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, TopicSpec.BROKERS_CLOCK);
        try {
            admin.incrementalAlterConfigs(
                            Map.of(resource(commands), List.of(new AlterConfigOp(wanted, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                throw e;
            }
            throw new StartupException(
                    ("topic %s has %s=%s, and this service may not change it (%s): a sender's clock would say when command ids"
                                    + " are forgotten; change it with: kafka-configs.sh --bootstrap-server %s --alter"
                                    + " --entity-type topics --entity-name %s --add-config %s=%s")
                            .formatted(
                                    commands,
                                    wanted.name(),
                                    before,
                                    e.getCause(),
                                    kafka.servers(),
                                    commands,
                                    wanted.name(),
                                    wanted.value()),
                    e);
        }
    }

    private String setting(Admin admin, String topic, String key) {
        return persistently(() -> only(
                        admin.describeConfigs(List.of(resource(topic))).all().get()))
                .get(key)
                .value();
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private void requireCompaction(Admin admin, String events) {
        String policy = setting(admin, events, TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new StartupException(
                    "topic %s has %s=%s: it must be %s, since events are kept for ever; change the topic's configuration"
                            .formatted(
                                    events,
                                    TopicConfig.CLEANUP_POLICY_CONFIG,
                                    policy,
                                    TopicConfig.CLEANUP_POLICY_COMPACT));
        }
    }

    private static <V> V only(Map<?, V> answers) {
        return answers.values().iterator().next();
    }

    private Admin admin() {
        try {
            return new KafkaClients(config.kafka(), tryLimit()).admin();
        } catch (KafkaException e) {
            throw new StartupException(
                    "no client of Kafka can be made of the kafka. settings: %s".formatted(kafka.describe(e)), e);
        }
    }

    private Duration tryLimit() {
        return TRY_LIMIT.compareTo(config.startupTimeout()) < 0 ? TRY_LIMIT : config.startupTimeout();
    }

    @FunctionalInterface
    private interface Try<T> {
        T run() throws ExecutionException, InterruptedException;
    }

    private <T> T persistently(Try<T> attempt) {
        long deadline = System.nanoTime() + config.startupTimeout().toNanos();
        for (int tries = 1; ; tries++) {
            try {
                String reason;
                try {
                    return attempt.run();
                } catch (ExecutionException | KafkaException e) {
                    reason = requirePatience(Reachability.unwrapped(e), deadline);
                }
                LOG.atInfo()
                        .addKeyValue("servers", kafka.servers())
                        .addKeyValue("tries", tries)
                        .addKeyValue("reason", reason)
                        .log("waiting for Kafka");
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StartupException("interrupted while waiting for Kafka", e);
            }
        }
    }

    /**
     * @return why to wait
     * @throws StartupException if trying again can't help, as with wrong credentials, or the time is over
     */
    private String requirePatience(Throwable cause, long deadline) {
        String why = kafka.describe(cause);
        if (!(cause instanceof RetriableException)) {
            throw new StartupException("Kafka at %s refuses: %s".formatted(kafka.servers(), why), cause);
        }
        String reason = "%s (%s)".formatted(why, cause.getMessage());
        if (System.nanoTime() > deadline) {
            throw new StartupException(
                    "Kafka at %s did not answer within %d s: start it, or correct %s (last error: %s)"
                            .formatted(
                                    kafka.servers(),
                                    config.startupTimeout().toSeconds(),
                                    ServiceConfig.BOOTSTRAP_SERVERS,
                                    reason),
                    cause);
        }
        return reason;
    }
}
