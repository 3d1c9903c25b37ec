package dev.annals.operations.doctor;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.doctor.Diagnosis.Check;
import dev.annals.operations.doctor.Diagnosis.Result;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.service.ClusterRule;
import dev.annals.service.ServiceConfig;
import dev.annals.service.StartupException;
import dev.annals.service.TopicSettings;
import dev.annals.service.kafka.ClusterFacts;
import dev.annals.service.kafka.ClusterFinding;
import dev.annals.service.kafka.ClusterRules;
import dev.annals.service.kafka.ExpectedTopic;
import dev.annals.service.kafka.Right;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.service.kafka.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Tells what of a cluster will not hold: by the rules that services have for it, and by doing, under a prefix of its
 * own, what services do: topics, transactions, a group, a schema. All of that is removed again. What is refused says
 * which right is wanted. For one thread.
 *
 * @param types aggregate types of the installation whose topics are looked at, if there are any
 * @param processes likewise
 * @param settings of topics, as the services have them
 * @param missing rights that somebody needs whose part we play
 */
public record Doctor(
        KafkaAccess kafka, TopicSettings settings, List<String> types, List<String> processes, Rights missing) {

    private static final String PROBE = "probe";
    private static final int COMMITS = 20;
    private static final byte[] RECORD = {1};

    /** Of one commit; Streams and we commit several times a second. */
    private static final Duration SLOW_COMMIT = Duration.ofMillis(100);

    /** What is further ahead is not believed (ADR 28). */
    private static final Duration FAR_CLOCK = Duration.ofMinutes(5);

    private static final Duration NEAR_CLOCK = Duration.ofSeconds(1);
    private static final Duration READ_LIMIT = Duration.ofSeconds(20);

    /** Finds out which rights are missing. */
    @FunctionalInterface
    public interface Rights {
        List<Right> missing() throws ExecutionException;
    }

    /** Does something, and says how it went. */
    @FunctionalInterface
    private interface Step {
        Check run() throws ExecutionException, InterruptedException;
    }

    /** @throws OperationFailedException if nothing answers */
    public Diagnosis run() {
        try (Broker broker = new Broker(kafka)) {
            var unused = broker.topics(); // else every check would wait for what does not come
            return new Diagnosis(new Visit(broker.admin()).run());
        }
    }

    /** One run of all checks. */
    private final class Visit {

        private final Admin admin;
        private final KafkaClients clients = kafka.clients();
        private final String name =
                "annals-doctor-" + UUID.randomUUID().toString().substring(0, 8);
        private final Topics topics = new Topics(kafka.topics().prefix() + name + ".");
        private final String group = kafka.topics().prefix() + name;
        private final ServiceConfig config;
        private final List<TopicSpec> specs;
        private final List<Check> checks = new ArrayList<>();

        Visit(Admin admin) {
            this.admin = admin;
            TopicSettings accepting = new TopicSettings(
                    1,
                    settings.replicationFactor(),
                    settings.minInsyncReplicas(),
                    settings.tombstonesKept(),
                    Set.of(),
                    true,
                    Arrays.stream(ClusterRule.values())
                            .filter(ClusterRule::isAcceptable)
                            .collect(Collectors.toSet()));
            this.config = kafka.serviceConfig(settings).with(topics, accepting);
            this.specs = TopicSpec.ofAggregate(topics, accepting, PROBE);
        }

        List<Check> run() {
            step("rights", "ask for our own rights", this::rights);
            all("installation", () -> inspected());
            boolean made = step("topics", "make topics (CREATE on topics %s*)".formatted(topics.prefix()), this::make);
            if (made) {
                try {
                    all("cluster", this::likeOurs);
                    step("settings", "see settings (DESCRIBE_CONFIGS on topics)", this::settingsTaken);
                    boolean written = step(
                            "transactions",
                            "write in transactions (WRITE on topics and on transactional ids %s*)".formatted(group),
                            this::commit);
                    if (written) {
                        step("clock", "read (READ on topics)", this::clock);
                        step(
                                "groups",
                                "read in groups (READ on topics and on groups %s*)".formatted(group),
                                this::read);
                    } else {
                        notTried("clock", "groups");
                    }
                    step("change settings", "change settings of topics (ALTER_CONFIGS)", this::alter);
                    step("delete records", "delete records (DELETE on topics), as Kafka Streams does", this::purge);
                } finally {
                    step("delete topics", "delete topics (DELETE on topics)", this::remove);
                }
            } else {
                notTried("cluster", "settings", "transactions", "clock", "groups", "change settings", "delete topics");
            }
            if (kafka.registryUrl() != null) {
                checks.addAll(RegistryProbe.run(
                        kafka.serdes().configuration(), topics.events(PROBE) + "-annals.doctor.Probe"));
            }
            return checks;
        }

        private void notTried(String... names) {
            for (String each : names) {
                checks.add(new Check(each, Result.NOT_TRIED, "what it needs has failed"));
            }
        }

        private boolean step(String check, String right, Step step) {
            Check came = attempt(check, right, step);
            checks.add(came);
            return came.result() != Result.FAILS;
        }

        private Check attempt(String check, String right, Step step) {
            try {
                return step.run();
            } catch (ExecutionException | KafkaException | StartupException e) {
                Throwable cause = e;
                while (cause.getCause() != null && !(cause instanceof AuthorizationException)) {
                    cause = cause.getCause();
                }
                return new Check(
                        check,
                        Result.FAILS,
                        cause instanceof AuthorizationException
                                ? "may not %s: %s".formatted(right, cause.getMessage())
                                : String.valueOf(e instanceof StartupException ? e.getMessage() : cause.toString()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new OperationFailedException("interrupted", e);
            }
        }

        /** Several findings, or that there is none. */
        private void all(String check, Findings findings) {
            List<ClusterFinding> found = new ArrayList<>();
            boolean known =
                    step(check, "see topics and their settings (DESCRIBE and DESCRIBE_CONFIGS on topics)", () -> {
                        found.addAll(findings.find());
                        return new Check(check, Result.HOLDS, "breaks no rule");
                    });
            if (known && !found.isEmpty()) {
                checks.removeLast();
                found.forEach(finding -> checks.add(new Check(
                        check + ", " + finding.rule().code(),
                        finding.severe() ? Result.FAILS : Result.WARNING,
                        finding.text())));
            }
        }

        private Check rights() throws ExecutionException {
            List<Right> found = missing.missing();
            return found.isEmpty()
                    ? new Check("rights", Result.HOLDS, "all are there")
                    : new Check(
                            "rights",
                            Result.FAILS,
                            "may not " + found.stream().map(Right::toString).collect(Collectors.joining(", ")));
        }

        private List<ClusterFinding> inspected() {
            return new TopicProvisioner(kafka.serviceConfig(settings))
                    .inspect(types, processes).stream()
                            .filter(finding -> !finding.topics().isEmpty()) // of the cluster itself it is told once
                            .toList();
        }

        private Check make() {
            new TopicProvisioner(config).ensure(specs);
            return new Check("topics", Result.HOLDS, "can be made");
        }

        private List<ClusterFinding> likeOurs() throws ExecutionException, InterruptedException {
            ClusterFacts facts =
                    ClusterFacts.read(admin, specs.stream().map(TopicSpec::name).toList());
            return new ClusterRules(kafka.bootstrapServers(), settings.accepted())
                    .of(facts, specs.stream().map(ExpectedTopic::of).toList());
        }

        private Check settingsTaken() throws ExecutionException, InterruptedException {
            ClusterFacts facts =
                    ClusterFacts.read(admin, specs.stream().map(TopicSpec::name).toList());
            Map<String, String> differing = new TreeMap<>();
            for (TopicSpec spec : specs) {
                ClusterFacts.OfTopic found = facts.topics().get(spec.name());
                spec.config().forEach((key, wanted) -> {
                    String is = found == null ? null : found.config().get(key);
                    if (!wanted.equals(is)) {
                        differing.put(key, "%s=%s instead of %s".formatted(key, is, wanted));
                    }
                });
            }
            return differing.isEmpty()
                    ? new Check("settings", Result.HOLDS, "all settings of topics are taken")
                    : new Check(
                            "settings",
                            Result.WARNING,
                            "not as wanted: %s; services do with it%s"
                                    .formatted(
                                            String.join(", ", differing.values()),
                                            differing.containsKey(TopicConfig.DELETE_RETENTION_MS_CONFIG)
                                                    ? ", but once a tombstone is gone an erased event looks like a lost one"
                                                    : ""));
        }

        private Check commit() {
            List<Long> nanos = new ArrayList<>();
            try (Producer<byte[], byte[]> producer =
                    clients.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group))) {
                producer.initTransactions();
                for (int i = 0; i < COMMITS; i++) {
                    long begun = System.nanoTime();
                    producer.beginTransaction();
                    var events = producer.send(new ProducerRecord<>(topics.events(PROBE), RECORD, RECORD));
                    var results = producer.send(new ProducerRecord<>(topics.results(PROBE), RECORD, RECORD));
                    producer.commitTransaction();
                    nanos.add(System.nanoTime() - begun);
                    if (!events.isDone() || !results.isDone()) {
                        throw new KafkaException("a commit has not waited for its records");
                    }
                }
            }
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            long median = sorted[sorted.length / 2];
            return new Check(
                    "transactions",
                    median > SLOW_COMMIT.toNanos() ? Result.WARNING : Result.HOLDS,
                    "a commit takes %d ms (median of %d; at most %d ms)"
                            .formatted(
                                    TimeUnit.NANOSECONDS.toMillis(median),
                                    sorted.length,
                                    TimeUnit.NANOSECONDS.toMillis(
                                            LongStream.of(sorted).max().orElse(0))));
        }

        /** Between the brokers' and ours; the brokers' counts for commands. */
        private Check clock() throws ExecutionException, InterruptedException {
            TopicPartition partition = new TopicPartition(topics.commands(PROBE), 0);
            long before;
            long offset;
            long after;
            try (Producer<byte[], byte[]> producer = clients.producer(Map.of())) {
                before = System.currentTimeMillis();
                offset = producer.send(new ProducerRecord<>(partition.topic(), 0, RECORD, RECORD))
                        .get()
                        .offset();
                after = System.currentTimeMillis();
            }
            try (Consumer<byte[], byte[]> consumer = clients.consumer(Map.of())) {
                consumer.assign(List.of(partition));
                consumer.seek(partition, offset);
                long stamped = next(consumer).timestamp();
                long apart = Math.max(0, Math.max(before - stamped, stamped - after));
                return new Check(
                        "clock",
                        apart > FAR_CLOCK.toMillis()
                                ? Result.FAILS
                                : apart > NEAR_CLOCK.toMillis() ? Result.WARNING : Result.HOLDS,
                        "the broker's clock and the one here are %d ms apart%s"
                                .formatted(
                                        apart,
                                        apart > NEAR_CLOCK.toMillis()
                                                ? ": set them by the same source; the brokers' time counts for commands"
                                                : ""));
            }
        }

        private static ConsumerRecord<byte[], byte[]> next(Consumer<byte[], byte[]> consumer) {
            long deadline = System.nanoTime() + READ_LIMIT.toNanos();
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    return record;
                }
            }
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "what was written could not be read within %d s".formatted(READ_LIMIT.toSeconds()));
        }

        private Check read() {
            TopicPartition events = new TopicPartition(topics.events(PROBE), 0);
            try (Consumer<byte[], byte[]> consumer = clients.consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, group))) {
                consumer.subscribe(List.of(events.topic()));
                ConsumerRecord<byte[], byte[]> first = next(consumer);
                consumer.commitSync(Map.of(events, new OffsetAndMetadata(first.offset() + 1)));
            }
            return new Check("groups", Result.HOLDS, "what is committed can be read, and offsets are kept");
        }

        private Check alter() throws ExecutionException, InterruptedException {
            ConfigResource commands = new ConfigResource(ConfigResource.Type.TOPIC, topics.commands(PROBE));
            ConfigEntry stamped = new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
            admin.incrementalAlterConfigs(
                            Map.of(commands, List.of(new AlterConfigOp(stamped, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            return new Check("change settings", Result.HOLDS, "settings of topics can be changed");
        }

        private Check purge() throws ExecutionException, InterruptedException {
            TopicPartition results = new TopicPartition(topics.results(PROBE), 0);
            admin.deleteRecords(Map.of(results, RecordsToDelete.beforeOffset(0)))
                    .all()
                    .get();
            return new Check("delete records", Result.HOLDS, "records of queues can be deleted");
        }

        private Check remove() throws ExecutionException, InterruptedException {
            admin.deleteTopics(specs.stream().map(TopicSpec::name).toList())
                    .all()
                    .get();
            try {
                admin.deleteConsumerGroups(List.of(group)).all().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                    throw e;
                }
            }
            return new Check("delete topics", Result.HOLDS, "what was made is removed again");
        }
    }

    /** As a step, of several. */
    @FunctionalInterface
    private interface Findings {
        List<ClusterFinding> find() throws ExecutionException, InterruptedException;
    }
}
