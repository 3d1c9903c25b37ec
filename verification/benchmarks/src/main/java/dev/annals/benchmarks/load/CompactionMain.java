package dev.annals.benchmarks.load;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.NewTopics;
import dev.annals.engine.kafka.Topics;
import dev.annals.service.kafka.TopicSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the broker's log cleaner costs on an event topic, where it finds next to nothing: no key repeats. One partition
 * on a broker of its own.
 *
 * <p>First over a log that was never cleaned, at rest, for each number of events. Then, with {@code --ratios}, while a
 * log grows in equal steps: after each the cleaner may do whatever it wants to, so what is rewritten in all depends on
 * the settings alone and not on the speed of the machine.
 */
@Command(
        name = "compaction",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Measures passes of the log cleaner over event topics.")
final class CompactionMain implements Callable<Integer> {

    private static final String TYPE = "measured";
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    /** Between looks of the cleaner for something to do. */
    private static final int BACKOFF_MILLIS = 100;

    /** After so long without a pass it has found nothing to do. */
    private static final Duration QUIET = Duration.ofMillis(4 * BACKOFF_MILLIS);

    private static final int EVENTS_OF_AN_AGGREGATE = 5;
    private static final double MEBI = 1 << 20;
    private static final long SEED = 19;

    @Option(names = "--events", split = ",", description = "In the partition, at rest; each gets a topic of its own.")
    private List<Integer> events = List.of(1_000_000, 5_000_000);

    @Option(names = "--value-bytes", description = "Of each event, random; its key has about 30 more.")
    private int valueBytes = 64;

    @Option(names = "--dedupe-buffer-mib", description = "The cleaner's map: 24 bytes a key, filled to 0.9.")
    private int dedupeBuffer = 32;

    @Option(names = "--broker-heap-mib", description = "The map is in the heap.")
    private int brokerHeap = 512;

    @Option(
            names = "--ratios",
            split = ",",
            description = "min.cleanable.dirty.ratio while a log grows; none: no growth.")
    private List<String> ratios = List.of();

    @Option(names = "--growth", description = "Events to which a log grows.")
    private int growth = 1_000_000;

    @Option(names = "--steps", description = "In how many steps it grows.")
    private int steps = 50;

    @Option(names = "--segment-mib", description = "Of the log that grows; the events of the others have the default.")
    private int segment = 1;

    @Option(names = "--folder", description = "For the broker; deleted in the end.")
    private Path parent = Path.of(System.getProperty("java.io.tmpdir"));

    /** What passes have cost. */
    private record Cost(int passes, long rewritten) {

        static final Cost NONE = new Cost(0, 0);

        Cost plus(Cost other) {
            return new Cost(passes + other.passes, rewritten + other.rewritten);
        }
    }

    public static void main(String[] args) {
        LoadMain.run(new CommandLine(new CompactionMain()), args);
    }

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory(parent, "annals-compaction");
        BrokerProcess broker = BrokerProcess.start(BrokerConfig.in(folder)
                .with("log.cleaner.backoff.ms", Integer.toString(BACKOFF_MILLIS))
                .with("log.cleaner.dedupe.buffer.size", Integer.toString(dedupeBuffer << 20))
                .withJvmOptions(List.of("-Xmx" + brokerHeap + "m")));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            for (int count : events) {
                atRest(broker, admin, folder.resolve("data"), count);
            }
            for (String ratio : ratios) {
                growing(broker, admin, folder.resolve("data"), ratio);
            }
        } finally {
            broker.kill();
            LoadMain.delete(folder);
        }
        return 0;
    }

    private void atRest(BrokerProcess broker, Admin admin, Path data, int count) throws IOException {
        CleanedLog log = create(admin, data, "rest-" + count, Map.of());
        append(broker, log, 0, count);
        alter(admin, log, Map.of(TopicConfig.SEGMENT_MS_CONFIG, "1"));
        append(broker, log, count, count + 1); // which closes the segment before it
        long bytes = log.bytesBelow(count);
        int segments = log.segments().size();
        long start = System.nanoTime();
        Duration used = used(broker);
        alter(
                admin,
                log,
                Map.of(
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                        "0",
                        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                        "0"));
        Cost cost = watch(log, 0, count);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        double seconds = took.toMillis() / 1e3;
        System.out.printf(
                Locale.ROOT,
                "at rest: %,d events, %,.0f MiB in %d segments, map %d MiB: %d passes, %.1f s, %,.0f MiB rewritten, %.1f s of processor, %,.0f events/s%n",
                count,
                bytes / MEBI,
                segments,
                dedupeBuffer,
                cost.passes,
                seconds,
                cost.rewritten / MEBI,
                used(broker).minus(used).toMillis() / 1e3,
                count / seconds);
        delete(admin, log);
    }

    /** Each step is one or more whole segments, roughly. */
    private void growing(BrokerProcess broker, Admin admin, Path data, String ratio) throws IOException {
        CleanedLog log = create(
                admin,
                data,
                "growing-" + ratio,
                Map.of(
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Integer.toString(segment << 20),
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                        "0",
                        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                        ratio));
        Cost total = Cost.NONE;
        for (int step = 0; step < steps; step++) {
            append(broker, log, (int) ((long) growth * step / steps), (int) ((long) growth * (step + 1) / steps));
            total = total.plus(watch(log, log.cleanedTo(), Long.MAX_VALUE));
        }
        long bytes = log.bytesBelow(Long.MAX_VALUE);
        System.out.printf(
                Locale.ROOT,
                "growing in %d steps to %,d events, %,.0f MiB, segments of %d MiB, ratio %s: %d passes, %,.0f MiB rewritten, %.2f of what was written%n",
                steps,
                growth,
                bytes / MEBI,
                segment,
                ratio,
                total.passes,
                total.rewritten / MEBI,
                (double) total.rewritten / bytes);
        delete(admin, log);
    }

    /** Looks on until so much is cleaned, or the cleaner finds nothing to do. */
    private static Cost watch(CleanedLog log, long from, long to) throws IOException {
        long start = System.nanoTime();
        long last = start;
        long cleaned = from;
        Cost cost = Cost.NONE;
        while (cleaned < to && (to < Long.MAX_VALUE || System.nanoTime() - last < QUIET.toNanos())) {
            pause();
            long now = log.cleanedTo();
            if (now > cleaned) {
                cleaned = now;
                last = System.nanoTime();
                cost = cost.plus(new Cost(1, log.bytesBelow(cleaned)));
            }
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new LoadException("the cleaner has come to offset %d only within %s".formatted(cleaned, LIMIT));
            }
        }
        return cost;
    }

    private static CleanedLog create(Admin admin, Path data, String name, Map<String, String> changes) {
        Topics topics = new Topics(name + ".");
        TopicSpec spec = TopicSpec.ofAggregate(topics, TYPE).stream()
                .filter(each -> each.name().equals(topics.events(TYPE)))
                .findFirst()
                .orElseThrow();
        Map<String, String> config = new HashMap<>(spec.config());
        config.putAll(changes);
        config.put(TopicConfig.FILE_DELETE_DELAY_MS_CONFIG, "0");
        List<NewTopic> topic = List.of(new NewTopic(spec.name(), Optional.of(1), Optional.empty()).configs(config));
        get(() -> admin.createTopics(topic).all().get());
        NewTopics.awaitLeaders(admin, topic, LIMIT);
        return new CleanedLog(data, spec.name());
    }

    private static void alter(Admin admin, CleanedLog log, Map<String, String> config) {
        List<AlterConfigOp> changes = config.entrySet().stream()
                .map(each ->
                        new AlterConfigOp(new ConfigEntry(each.getKey(), each.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        get(() -> admin.incrementalAlterConfigs(
                        Map.of(new ConfigResource(ConfigResource.Type.TOPIC, log.topic()), changes))
                .all()
                .get());
    }

    private static void delete(Admin admin, CleanedLog log) {
        get(() -> admin.deleteTopics(List.of(log.topic())).all().get());
    }

    private void append(BrokerProcess broker, CleanedLog log, int from, int to) {
        Random random = new Random(SEED + from);
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "linger.ms",
                        20,
                        "batch.size",
                        1 << 18,
                        "buffer.memory",
                        64L << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int number = from; number < to; number++) {
                byte[] value = new byte[valueBytes];
                random.nextBytes(value);
                EventKey key =
                        new EventKey("a-" + number / EVENTS_OF_AN_AGGREGATE, 1 + number % EVENTS_OF_AN_AGGREGATE);
                var unused = producer.send(new ProducerRecord<>(log.topic(), 0, key.toBytes(), value), (place, e) -> {
                    if (e != null) {
                        failure.set(e);
                    }
                });
            }
            producer.flush();
        }
        if (failure.get() != null) {
            throw new LoadException("an event was not written: " + failure.get(), failure.get());
        }
    }

    private static Duration used(BrokerProcess broker) {
        return ProcessHandle.of(broker.pid())
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    private static <T> T get(Callable<T> call) {
        try {
            return call.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        } catch (ExecutionException e) {
            throw new LoadException("the broker refused: " + e.getCause(), e);
        } catch (Exception e) {
            throw new LoadException("the broker did not answer: " + e, e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }
}
