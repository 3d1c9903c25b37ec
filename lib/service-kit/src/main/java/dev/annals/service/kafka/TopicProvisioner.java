package dev.annals.service.kafka;

import dev.annals.api.ProcessManager;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.NewTopics;
import dev.annals.service.ClusterRule;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.StartupException;
import dev.annals.service.TopicSettings;
import dev.annals.service.kafka.PartitionCatalog.Recorded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
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

    /** Of those that an operator is to make. */
    private static final int NAMED_TOPICS = 20;

    /** For a topic that the catalog names to be seen by the broker that is asked. */
    private static final Duration SEEN_LIMIT = Duration.ofSeconds(5);

    private final ServiceConfig config;
    private final Reachability kafka;
    private final ClusterRules rules;
    private RightsCheck rights = new RightsCheck(List.of());

    /**
     * What there is now.
     *
     * @param types numbers of partitions of the commands and the events of each aggregate type, by the type's name
     * @param journals numbers of partitions of the journal of each process, by its name
     * @param topics as they must stay
     * @param schemas fingerprints of the schemas that stand in records, by their ids, as they were first recorded
     */
    public record Provisioned(
            Map<String, Integer> types,
            Map<String, Integer> journals,
            List<ExpectedTopic> topics,
            Map<Integer, String> schemas) {}

    public TopicProvisioner(ServiceConfig config) {
        this.config = config;
        this.kafka = new Reachability(config);
        this.rules = new ClusterRules(kafka.servers(), config.topicSettings().accepted());
    }

    /** Looks for these rights before anything is made; before {@link #provision}. */
    public TopicProvisioner withRights(RightsCheck wanted) {
        rights = wanted;
        return this;
    }

    /**
     * Has all topics of the domains there, as the contract says, but those of views: a projector makes these when it
     * begins a generation. Refuses a cluster that breaks a {@link ClusterRules rule}, if possible before it makes any.
     *
     * @throws StartupException if the broker does not answer in time, refuses, or has topics that break the contract,
     *     or rights are missing, which the message names
     */
    public Provisioned provision(Domains domains) {
        List<String> types =
                domains.aggregates().stream().map(type -> type.name()).toList();
        List<String> processes =
                domains.processes().stream().map(ProcessManager::name).toList();
        List<TopicSpec> specs = TopicSpec.ofInstallation(config.topics(), config.topicSettings(), types, processes);
        requireKnown(types, processes);
        try (Admin admin = admin()) {
            requireRights(admin);
            Recorded recorded = requireWhatWasThere(admin, types, processes);
            ensure(admin, specs);
            return verify(admin, specs, recorded, types, processes);
        }
    }

    private void requireRights(Admin admin) {
        List<ClusterFinding> missing = persistently(() -> rights.find(admin));
        refuse(missing);
        warn(missing);
    }

    /**
     * What rules the topics of an installation break now, as a start would refuse them; changes nothing.
     *
     * @param types aggregate types of the installation
     * @param processes of the installation
     * @return empty also where there is no installation
     * @throws StartupException if the broker does not answer in time, or refuses
     */
    public List<ClusterFinding> inspect(List<String> types, List<String> processes) {
        try (Admin admin = admin()) {
            Set<String> there = persistently(() -> admin.listTopics().names().get());
            Recorded recorded = there.contains(config.topics().catalog()) ? recorded() : Recorded.NOTHING;
            List<TopicSpec> specs = TopicSpec.ofInstallation(config.topics(), config.topicSettings(), types, processes);
            List<ExpectedTopic> expected = expected(specs, recorded, types, processes).stream()
                    .filter(topic -> there.contains(topic.name()) || topic.id() != null)
                    .toList();
            ClusterFacts facts = persistently(() -> ClusterFacts.read(
                    admin, expected.stream().map(ExpectedTopic::name).toList()));
            List<ClusterFinding> findings = new ArrayList<>(rules.of(facts, expected));
            findings.addAll(rules.ofBegins(persistently(() -> facts.offsets(admin, holdingFacts(expected)))
                    .begins()));
            return findings;
        }
    }

    private static List<String> holdingFacts(List<ExpectedTopic> topics) {
        return topics.stream()
                .filter(ExpectedTopic::holdsFacts)
                .map(ExpectedTopic::name)
                .toList();
    }

    private void requireKnown(List<String> types, List<String> processes) {
        for (String name : config.topicSettings().uncompacted()) {
            if (!types.contains(name) && !processes.contains(name)) {
                throw new StartupException("%s=%s: there is no such aggregate type or process; there are: %s"
                        .formatted(
                                TopicSettings.UNCOMPACTED,
                                name,
                                Stream.concat(types.stream(), processes.stream())
                                        .collect(Collectors.joining(", "))));
            }
        }
    }

    /**
     * An event topic that was there and is gone must not be made anew: it would be taken as empty.
     *
     * @return what is recorded
     */
    private Recorded requireWhatWasThere(Admin admin, List<String> types, List<String> processes) {
        Set<String> there = persistently(() -> admin.listTopics().names().get());
        if (!there.contains(config.topics().catalog())) {
            return Recorded.NOTHING;
        }
        Recorded recorded = recorded();
        List<ExpectedTopic> wanted = expected(List.of(), recorded, types, processes).stream()
                .filter(topic -> topic.id() != null)
                .toList();
        List<String> names = wanted.stream().map(ExpectedTopic::name).toList();
        long deadline = System.nanoTime() + SEEN_LIMIT.toNanos(); // a broker may not have heard of a new topic yet
        while (!there.containsAll(names) && System.nanoTime() < deadline && paused()) {
            there = persistently(() -> admin.listTopics().names().get());
        }
        Set<String> found = there;
        refuse(rules.missing(
                wanted.stream().filter(topic -> !found.contains(topic.name())).toList()));
        return recorded;
    }

    private static boolean paused() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while waiting for Kafka", e);
        }
    }

    /** @throws StartupException with all of them that are severe */
    private static void refuse(List<ClusterFinding> findings) {
        String reasons = findings.stream()
                .filter(ClusterFinding::severe)
                .map(ClusterFinding::text)
                .collect(Collectors.joining("; and "));
        if (!reasons.isEmpty()) {
            throw new StartupException(reasons);
        }
    }

    private static void warn(List<ClusterFinding> findings) {
        findings.forEach(finding ->
                LOG.atWarn().addKeyValue("rule", finding.rule().code()).log(finding.text()));
    }

    private Recorded recorded() {
        return persistently(catalog()::read);
    }

    private List<ExpectedTopic> expected(
            List<TopicSpec> specs, Recorded recorded, List<String> types, List<String> processes) {
        Map<String, ExpectedTopic> expected = new LinkedHashMap<>();
        specs.forEach(spec -> expected.put(spec.name(), ExpectedTopic.of(spec)));
        types.forEach(type -> {
            for (TopicSpec spec : TopicSpec.ofAggregate(config.topics(), config.topicSettings(), type)) {
                if (spec.name().equals(config.topics().events(type))) {
                    expected.put(spec.name(), facts(spec, recorded, type));
                } else if (spec.name().equals(config.topics().commands(type))) {
                    expected.put(
                            spec.name(),
                            new ExpectedTopic(spec, recorded.partitions().get(type), null, false));
                }
            }
        });
        processes.forEach(process -> TopicSpec.ofProcess(config.topics(), config.topicSettings(), process).stream()
                .filter(spec -> spec.name().equals(config.topics().journal(process)))
                .forEach(spec -> expected.put(spec.name(), facts(spec, recorded, process))));
        return List.copyOf(expected.values());
    }

    private static ExpectedTopic facts(TopicSpec spec, Recorded recorded, String name) {
        return new ExpectedTopic(
                spec, recorded.partitions().get(name), recorded.ids().get(name), true);
    }

    /**
     * When processes began, which is recorded once, for ever; after {@link #provision}, and throws as that.
     *
     * @param journals how many partitions the journal of each has, by its name
     * @param otherwise where one has never begun: the time that is recorded now
     */
    public Map<String, Instant> beginnings(Map<String, Integer> journals, Map<String, Instant> otherwise) {
        PartitionCatalog catalog = catalog();
        Map<String, Instant> recorded = persistently(catalog::read).beginnings();
        Map<String, Instant> unrecorded = new LinkedHashMap<>(otherwise);
        unrecorded.keySet().removeAll(recorded.keySet());
        if (unrecorded.isEmpty()) {
            return recorded;
        }
        persistently(() -> {
            catalog.writeBeginnings(journals, unrecorded);
            return true;
        });
        return persistently(catalog::read).beginnings(); // another instance may have recorded first
    }

    /**
     * How many lanes each aggregate type has, which is recorded once, for ever; after {@link #provision}, and throws as
     * that.
     *
     * @param types how many partitions the commands of each have, by its name
     * @param otherwise where none is recorded: at most so many, and no more than partitions, which is recorded now
     */
    public Map<String, Integer> lanes(Map<String, Integer> types, int otherwise) {
        PartitionCatalog catalog = catalog();
        Map<String, Integer> recorded = persistently(catalog::read).lanes();
        Map<String, Integer> unrecorded = new LinkedHashMap<>();
        types.forEach((type, partitions) -> unrecorded.put(type, Math.min(partitions, otherwise)));
        unrecorded.keySet().removeAll(recorded.keySet());
        if (unrecorded.isEmpty()) {
            return only(recorded, List.copyOf(types.keySet()));
        }
        persistently(() -> {
            catalog.writeLanes(types, unrecorded);
            return true;
        });
        return only(persistently(catalog::read).lanes(), List.copyOf(types.keySet())); // another may have been first
    }

    /** Records what ids of schemas mean; where an id is recorded already, that stays. */
    public void recordSchemas(Map<Integer, String> fingerprints) {
        PartitionCatalog catalog = catalog();
        persistently(() -> {
            catalog.writeSchemas(fingerprints);
            return true;
        });
    }

    private PartitionCatalog catalog() {
        return new PartitionCatalog(config.topics().catalog(), config.kafka(), tryLimit());
    }

    /**
     * Creates those of the topics that are missing, and waits until they can be written to; leaves the others as they
     * are.
     *
     * @throws StartupException as {@link #provision}
     */
    public void ensure(Collection<TopicSpec> specs) {
        try (Admin admin = admin()) {
            ensure(admin, specs);
        }
    }

    private void ensure(Admin admin, Collection<TopicSpec> specs) {
        List<TopicSpec> missing = persistently(() -> missing(admin, specs));
        if (missing.isEmpty()) {
            return;
        }
        if (!config.topicSettings().create()) {
            throw new StartupException(notMade(missing));
        }
        List<NewTopic> topics = persistently(() -> asTaken(admin, missing));
        persistently(() -> {
            create(admin, topics);
            NewTopics.awaitLeaders(admin, topics, tryLimit());
            return true;
        });
    }

    private String notMade(List<TopicSpec> missing) {
        return "%d topics are missing, and %s=false: make them with %s%s (annals topics --print has all of an installation)"
                .formatted(
                        missing.size(),
                        TopicSettings.CREATE,
                        missing.stream()
                                .limit(NAMED_TOPICS)
                                .map(spec -> TopicLines.create(kafka.servers(), spec.toMake(config.topicSettings())))
                                .collect(Collectors.joining("; ")),
                        missing.size() > NAMED_TOPICS ? "; and so on" : "");
    }

    private static List<TopicSpec> missing(Admin admin, Collection<TopicSpec> specs)
            throws ExecutionException, InterruptedException {
        Set<String> there = admin.listTopics().names().get();
        return specs.stream().filter(spec -> !there.contains(spec.name())).toList();
    }

    /**
     * The topics as the brokers would make them, which are asked without making any.
     *
     * @throws StartupException if they would break a rule
     */
    private List<NewTopic> asTaken(Admin admin, List<TopicSpec> specs) throws ExecutionException, InterruptedException {
        List<NewTopic> topics =
                specs.stream().map(spec -> spec.toMake(config.topicSettings())).toList();
        CreateTopicsResult result = admin.createTopics(topics, new CreateTopicsOptions().validateOnly(true));
        List<NewTopic> taken = new ArrayList<>();
        Map<String, ClusterFacts.OfTopic> would = new HashMap<>();
        for (NewTopic topic : topics) {
            String name = topic.name();
            try {
                would.put(
                        name,
                        new ClusterFacts.OfTopic(
                                "",
                                result.numPartitions(name).get(),
                                result.replicationFactor(name).get(),
                                ClusterFacts.settings(result.config(name).get())));
                taken.add(topic);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RetriableException) {
                    throw e;
                }
                // If not of its settings, somebody else was first, or to make it says why not.
                taken.add(TakenSettings.isRefusal(e) ? withLess(admin, topic, e) : topic);
            }
        }
        ClusterFacts now = ClusterFacts.read(admin, List.of());
        refuse(rules.of(
                new ClusterFacts(now.brokers(), now.transactionVersion(), would),
                specs.stream()
                        .filter(spec -> would.containsKey(spec.name()))
                        .map(ExpectedTopic::of)
                        .toList()));
        return taken;
    }

    private static NewTopic withLess(Admin admin, NewTopic topic, ExecutionException refusal)
            throws ExecutionException, InterruptedException {
        Map<String, String> less = new TakenSettings(admin).of(topic);
        LOG.atWarn()
                .addKeyValue("topic", topic.name())
                .addKeyValue("refusal", Reachability.unwrapped(refusal).getMessage())
                .addKeyValue("wanted", topic.configs())
                .addKeyValue("taken", less)
                .log("the brokers refuse settings of a topic, which is made with what they take");
        return new NewTopic(topic.name(), topic.numPartitions(), topic.replicationFactor()).configs(less);
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

    private Provisioned verify(
            Admin admin, List<TopicSpec> specs, Recorded known, List<String> types, List<String> processes) {
        ClusterFacts facts = persistently(() -> facts(admin, specs));
        Recorded unrecorded = unrecorded(facts, known, types, processes);
        boolean complete = unrecorded.partitions().isEmpty() && unrecorded.ids().isEmpty();
        Recorded recorded = complete ? known : record(unrecorded, known);
        List<ExpectedTopic> expected = expected(specs, recorded, types, processes);
        List<ClusterFinding> findings = new ArrayList<>(rules.of(facts, expected));
        findings.addAll(rules.ofBegins(
                persistently(() -> facts.offsets(admin, holdingFacts(expected))).begins()));
        // The service that decides has them stamped: see stampByBrokers.
        findings.removeIf(finding -> finding.rule() == ClusterRule.TIMESTAMP_TYPE);
        refuse(findings);
        warn(findings);
        Map<String, Integer> partitions = new HashMap<>(recorded.partitions());
        return new Provisioned(only(partitions, types), only(partitions, processes), expected, recorded.schemas());
    }

    private static Map<String, Integer> only(Map<String, Integer> partitions, List<String> names) {
        Map<String, Integer> only = new LinkedHashMap<>();
        names.forEach(name -> only.put(name, Objects.requireNonNull(partitions.get(name))));
        return only;
    }

    /** A broker may not have heard yet of a topic that another has made. */
    private static ClusterFacts facts(Admin admin, List<TopicSpec> specs)
            throws ExecutionException, InterruptedException {
        List<String> names = specs.stream().map(TopicSpec::name).toList();
        ClusterFacts facts = ClusterFacts.read(admin, names);
        for (String name : names) {
            if (!facts.topics().containsKey(name)) {
                throw new UnknownTopicOrPartitionException("there is no topic " + name);
            }
        }
        return facts;
    }

    private Recorded unrecorded(ClusterFacts facts, Recorded recorded, List<String> types, List<String> processes) {
        Recorded unrecorded = new Recorded(new LinkedHashMap<>(), Map.of(), new LinkedHashMap<>(), Map.of(), Map.of());
        types.forEach(type -> {
            String events = config.topics().events(type);
            if (!recorded.partitions().containsKey(type)) {
                requireEqualPartitions(facts, config.topics().commands(type), events);
            }
            unrecorded(facts, recorded, type, events, unrecorded);
        });
        processes.forEach(
                process -> unrecorded(facts, recorded, process, config.topics().journal(process), unrecorded));
        return unrecorded;
    }

    private static void unrecorded(ClusterFacts facts, Recorded recorded, String name, String topic, Recorded to) {
        ClusterFacts.OfTopic found = Objects.requireNonNull(facts.topics().get(topic));
        if (!recorded.partitions().containsKey(name)) {
            to.partitions().put(name, found.partitions());
        }
        if (!recorded.ids().containsKey(name)) {
            to.ids().put(name, found.id());
        }
    }

    /** Read back, since another service may have recorded first. */
    private Recorded record(Recorded unrecorded, Recorded before) {
        PartitionCatalog catalog = catalog();
        Map<String, Integer> partitions = new HashMap<>(before.partitions());
        partitions.putAll(unrecorded.partitions());
        persistently(() -> {
            catalog.write(unrecorded.partitions());
            catalog.writeIds(partitions, unrecorded.ids());
            return true;
        });
        Recorded recorded = recorded();
        LOG.atInfo().addKeyValue("partitions", recorded.partitions()).log("partitions and ids of topics recorded");
        return recorded;
    }

    private static void requireEqualPartitions(ClusterFacts facts, String commands, String events) {
        int commandPartitions =
                Objects.requireNonNull(facts.topics().get(commands)).partitions();
        int eventPartitions = Objects.requireNonNull(facts.topics().get(events)).partitions();
        if (commandPartitions != eventPartitions) {
            throw new StartupException(
                    ("topic %s has %d partitions and topic %s has %d: they must have the same number, since commands and"
                                    + " events of an aggregate share a partition; create the wrong one anew with %s")
                            .formatted(commands, commandPartitions, events, eventPartitions, TopicSettings.PARTITIONS));
        }
    }

    /**
     * Has the brokers stamp commands, results and states when they come ({@code LogAppendTime}), also in topics that
     * were made before this was asked for. By the times of commands and results a lane forgets command ids: a sender's
     * clock or whim, or the clock of a service, would make it forget all of them at once.
     *
     * @throws StartupException if the setting can't be changed; the message has the command that does it
     */
    public void stampByBrokers(Domains domains) {
        List<String> topics = domains.aggregates().stream()
                .flatMap(type -> Stream.of(
                        config.topics().commands(type.name()),
                        config.topics().results(type.name()),
                        config.topics().states(type.name())))
                .toList();
        try (Admin admin = admin()) {
            persistently(() -> settings(admin, topics, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG))
                    .forEach((topic, before) -> {
                        if (!before.equals(TopicSpec.BROKERS_CLOCK)) {
                            persistently(() -> stamp(admin, topic, before));
                            LOG.atInfo()
                                    .addKeyValue("topic", topic)
                                    .addKeyValue("before", before)
                                    .log("its records are stamped by the brokers from now on");
                        }
                    });
        }
    }

    /**
     * Refuses results that leave their topic before their command ids may be forgotten: whoever decides for the first
     * time reads the ids from there.
     *
     * @param ids how long a command id is remembered
     * @throws StartupException with the command that mends it
     */
    public void requireResultsFor(Domains domains, Duration ids) {
        List<String> topics = domains.aggregates().stream()
                .map(type -> config.topics().results(type.name()))
                .toList();
        try (Admin admin = admin()) {
            persistently(() -> settings(admin, topics, TopicConfig.RETENTION_MS_CONFIG))
                    .forEach((topic, kept) -> {
                        if (Long.parseLong(kept) >= 0 && Long.parseLong(kept) < ids.toMillis()) {
                            throw new StartupException(
                                    ("topic %s has %s=%s, and command ids are remembered for %s: ids whose results have left it"
                                                    + " would be forgotten with a disk; change it with: %s")
                                            .formatted(
                                                    topic,
                                                    TopicConfig.RETENTION_MS_CONFIG,
                                                    kept,
                                                    ids,
                                                    TopicLines.alter(
                                                            kafka.servers(),
                                                            topic,
                                                            TopicConfig.RETENTION_MS_CONFIG,
                                                            Long.toString(ids.toMillis()))));
                        }
                    });
        }
    }

    private boolean stamp(Admin admin, String topic, String before) throws ExecutionException, InterruptedException {
        ConfigEntry wanted = new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, TopicSpec.BROKERS_CLOCK);
        try {
            admin.incrementalAlterConfigs(
                            Map.of(resource(topic), List.of(new AlterConfigOp(wanted, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                throw e;
            }
            throw new StartupException(
                    ("topic %s has %s=%s, and this service may not change it (%s): a sender's clock would say when command ids"
                                    + " are forgotten; change it with: %s")
                            .formatted(
                                    topic,
                                    wanted.name(),
                                    before,
                                    e.getCause(),
                                    TopicLines.alter(kafka.servers(), topic, wanted.name(), wanted.value())),
                    e);
        }
    }

    private static Map<String, String> settings(Admin admin, List<String> topics, String key)
            throws ExecutionException, InterruptedException {
        Map<String, String> values = new LinkedHashMap<>();
        admin.describeConfigs(topics.stream().map(TopicProvisioner::resource).toList())
                .all()
                .get()
                .forEach((topic, config) ->
                        values.put(topic.name(), config.get(key).value()));
        return values;
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
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
