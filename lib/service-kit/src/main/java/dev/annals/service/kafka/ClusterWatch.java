package dev.annals.service.kafka;

import dev.annals.api.View;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.service.ClusterRule;
import dev.annals.service.Domains;
import dev.annals.service.Readiness;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Worker;
import dev.annals.service.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether the cluster keeps the {@link ClusterRules}: while one is broken the service is not
 * ready, with a reason that says what to do, and is ready again when it is mended. What can't be mended under way, a
 * log that has become shorter, stays a reason until the service is started again.
 *
 * <p>It looks every {@link #EVERY}, so a broken rule is told of within a minute. While Kafka does not answer it knows
 * nothing new, and leaves it to {@link KafkaWatch} to say so. Costs a thread, a client, and some fifteen requests a
 * round. Thread-safe.
 */
public final class ClusterWatch implements Readiness, AutoCloseable {

    /** A round may take as long again when brokers are slow. */
    static final Duration EVERY = Duration.ofSeconds(30);

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);

    private final ServiceConfig config;
    private final ClusterRules rules;
    private final KafkaClients clients;
    private final List<String> views;
    private final boolean decides;
    private final Duration every;
    private final Worker worker;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, ClusterFinding> truncated = new LinkedHashMap<>();
    private List<ExpectedTopic> topics = List.of();
    private RightsCheck rights = new RightsCheck(List.of());
    private @Nullable Admin admin;
    private Set<ClusterFinding> told = Set.of();
    private volatile List<String> reasons = List.of();
    private final AtomicInteger looks = new AtomicInteger();
    private boolean begun;

    /**
     * Not started; until then nothing is wrong.
     *
     * @param decides whether the service reads commands, whose time must be the brokers'
     */
    public ClusterWatch(ServiceConfig config, Domains domains, boolean decides, Workers workers) {
        this(config, domains, decides, workers, EVERY);
    }

    ClusterWatch(ServiceConfig config, Domains domains, boolean decides, Workers workers, Duration every) {
        this.config = config;
        this.rules = new ClusterRules(
                config.bootstrapServers(), config.topicSettings().accepted());
        this.clients = new KafkaClients(config.kafka(), LIMIT);
        this.views = domains.views().stream()
                .map(Domains.DomainView::view)
                .map(View::name)
                .toList();
        this.decides = decides;
        this.every = every;
        this.worker = workers.worker("cluster-watch", this::round)
                .endsWithin(Duration.ZERO, () -> {}) // it may be waiting for an answer
                .atEnd(this::closeAdmin);
    }

    /** Looks for these rights, too; before {@link #start}. */
    public ClusterWatch withRights(RightsCheck wanted) {
        rights = wanted;
        return this;
    }

    /** @param expected of the topics that services make, as they must stay */
    public ClusterWatch start(Collection<ExpectedTopic> expected) {
        topics = List.copyOf(expected);
        worker.start();
        return this;
    }

    @Override
    public List<String> reasonsAgainst() {
        return reasons;
    }

    private Duration round() throws ExecutionException, InterruptedException {
        if (!begun) {
            begun = true;
            return every; // the service that starts has just looked
        }
        try {
            look();
        } catch (ExecutionException | KafkaException e) {
            if (!Reachability.isSilence(e)) {
                throw e;
            }
            LOG.atDebug().setCause(e).log("Kafka does not answer, so nothing is known");
        }
        return every;
    }

    private void look() throws ExecutionException, InterruptedException {
        Admin brokers = admin;
        if (brokers == null) {
            brokers = clients.admin();
            admin = brokers;
        }
        List<ClusterFinding> missing = rights.find(brokers);
        if (missing.stream().anyMatch(ClusterFinding::severe)) {
            tell(missing); // of what may not be seen, anything else would be said wrongly
        } else {
            look(brokers, missing);
        }
        looks.incrementAndGet();
    }

    private void look(Admin brokers, List<ClusterFinding> missing) throws ExecutionException, InterruptedException {
        List<ExpectedTopic> own = ofTheirOwn(brokers.listTopics().names().get());
        ClusterFacts facts = ClusterFacts.read(brokers, names(topics), names(own));
        List<ExpectedTopic> all = new ArrayList<>(topics);
        own.stream().filter(topic -> facts.topics().containsKey(topic.name())).forEach(all::add);
        List<ClusterFinding> findings = new ArrayList<>(missing);
        findings.addAll(rules.of(facts, all));
        List<String> holdFacts = topics.stream()
                .filter(ExpectedTopic::holdsFacts)
                .filter(topic -> isTheSame(topic, facts)) // of another one, no offset says anything
                .map(ExpectedTopic::name)
                .toList();
        findings.addAll(ofOffsets(facts.offsets(brokers, holdFacts)));
        if (!decides) {
            findings.removeIf(finding -> finding.rule() == ClusterRule.TIMESTAMP_TYPE);
        }
        tell(findings);
    }

    /** How often it has looked, and been answered. */
    int looks() {
        return looks.get();
    }

    private static List<String> names(List<ExpectedTopic> topics) {
        return topics.stream().map(ExpectedTopic::name).toList();
    }

    private static boolean isTheSame(ExpectedTopic topic, ClusterFacts facts) {
        ClusterFacts.OfTopic found = facts.topics().get(topic.name());
        return found != null && (topic.id() == null || topic.id().equals(found.id()));
    }

    private List<ClusterFinding> ofOffsets(ClusterFacts.Offsets offsets) {
        offsets.ends().forEach((partition, end) -> {
            long before = ends.merge(partition, end, Math::max);
            if (end < before) {
                truncated.putIfAbsent(partition, rules.truncated(partition, before, end));
            }
        });
        List<ClusterFinding> findings = new ArrayList<>(rules.ofBegins(offsets.begins()));
        findings.addAll(truncated.values());
        return findings;
    }

    /**
     * Topics of views, and those of Kafka Streams, as far as they are there; those of other services too, if allowed.
     */
    private List<ExpectedTopic> ofTheirOwn(Set<String> names) {
        String prefix = config.topics().prefix();
        Pattern rows = Pattern.compile("%s(%s)\\.view\\.[0-9]+"
                .formatted(
                        Pattern.quote(prefix),
                        views.stream().map(Pattern::quote).collect(Collectors.joining("|"))));
        List<ExpectedTopic> own = new ArrayList<>();
        for (String name : names) {
            if (rows.matcher(name).matches() || (name.startsWith(prefix + "annals-") && name.endsWith("-changelog"))) {
                own.add(ExpectedTopic.of(TopicSpec.changelog(name, 1)));
            }
        }
        return own;
    }

    private void tell(List<ClusterFinding> findings) {
        Set<ClusterFinding> severe =
                findings.stream().filter(ClusterFinding::severe).collect(Collectors.toSet());
        severe.stream()
                .filter(finding -> !told.contains(finding))
                .forEach(finding ->
                        LOG.atError().addKeyValue("rule", finding.rule().code()).log(finding.text()));
        told.stream()
                .filter(finding -> !severe.contains(finding))
                .forEach(finding -> LOG.atInfo()
                        .addKeyValue("rule", finding.rule().code())
                        .addKeyValue("topics", finding.topics())
                        .log("mended"));
        told = severe;
        reasons = severe.stream().map(ClusterFinding::text).sorted().toList();
    }

    private void closeAdmin() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }

    @Override
    public void close() {
        worker.close();
    }
}
