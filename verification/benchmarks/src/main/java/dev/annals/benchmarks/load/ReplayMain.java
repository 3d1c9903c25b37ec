package dev.annals.benchmarks.load;

import dev.annals.api.AggregateType;
import dev.annals.benchmarks.fold.OrderEvents;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.Generations;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrdersDomain;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Workers;
import dev.annals.service.views.ViewRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How fast a view is built anew: {@code country-sales} by one projector, against a plain consumer that reads the same
 * topic and does nothing with it. First over so many events, then over twice as many. The time of a rebuild begins when
 * it is asked for and ends when readers may have it, with everything in between.
 */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Builds country-sales anew, and reads its events with a plain consumer, in one run.")
final class ReplayMain implements Callable<Integer> {

    private static final String VIEW = "country-sales";
    private static final String TYPE = "orders";

    /** A view of which there are no events here. */
    private static final String OTHER = "accounts";

    private static final Duration LIMIT = Duration.ofMinutes(20);
    /**
     * Of the plain consumer, before the rebuild and as often after it: on a small machine they differ by a factor of
     * two.
     */
    private static final int READS = 3;

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    @Option(names = "--events", description = "Of the first round; the second has twice as many.")
    private int events = 500_000;

    @Option(names = "--lines", description = "Of each order.")
    private int lines = 3;

    @Option(names = "--stages", description = "Events of each order, 1 to 4: placed, paid, shipped, delivered.")
    private int stages = 4;

    @Option(names = "--set", description = "A setting of the projector, e.g. annals.stream.threads=2.")
    private Map<String, String> settings = Map.of();

    @Option(names = "--registry-home", description = "The unpacked registry; default: the one that the build unpacks.")
    private @Nullable Path registryHome;

    /**
     * One size's times.
     *
     * @param reads of the plain consumer, the fastest first
     */
    private record Round(int events, List<Duration> reads, Duration rebuilt) {

        Duration read() {
            return reads.get(reads.size() / 2);
        }

        double readRate() {
            return events / (read().toNanos() / 1e9);
        }

        double rebuildRate() {
            return events / (rebuilt.toNanos() / 1e9);
        }
    }

    public static void main(String[] args) {
        LoadMain.run(new CommandLine(new ReplayMain()), args);
    }

    @Override
    public Integer call() throws IOException {
        Round first = round(events);
        Round second = round(2 * events);
        System.out.printf(
                Locale.ROOT,
                "twice the events take %.2f times as long%n",
                (double) second.rebuilt().toNanos() / first.rebuilt().toNanos());
        return 0;
    }

    /** In an installation of its own, whose events are there before its projector is. */
    private Round round(int count) throws IOException {
        Path folder = Files.createTempDirectory("annals-replay");
        try (Installation installation = Installation.start(
                folder, new Topics(""), LoadMain.registryHome(registryHome), 0, List.of(), Map.of())) {
            ServiceConfig config = installation.provisioned();
            append(installation, config.values(), count);
            installation.startProjector(Installation.QUICKSTART_OPTIONS, settings);
            try (ViewRegistry board = new ViewRegistry(config, new Workers(new SimpleMeterRegistry()));
                    Admin admin = Admin.create(Map.of("bootstrap.servers", installation.bootstrap()))) {
                board.start();
                return round(installation, board, admin, count);
            }
        } finally {
            LoadMain.delete(folder);
        }
    }

    private Round round(Installation installation, ViewRegistry board, Admin admin, int count) {
        awaitLive(board);
        awaitRead(admin, board.generations());
        List<Duration> reads = new ArrayList<>();
        IntStream.range(0, READS).forEach(any -> reads.add(read(installation, count)));
        Duration rebuilt = rebuild(board);
        IntStream.range(0, READS).forEach(any -> reads.add(read(installation, count)));
        Collections.sort(reads);
        Round round = new Round(count, reads, rebuilt);
        System.out.printf(
                Locale.ROOT,
                "%,d events, %d of each order: rebuilt in %.1f s, %,.0f/s; plain consumer, %d times, %.2f to %.2f s,"
                        + " median %.2f s, %,.0f/s; ratio %.3f%n",
                count,
                stages,
                rebuilt.toMillis() / 1e3,
                round.rebuildRate(),
                reads.size(),
                reads.getFirst().toMillis() / 1e3,
                reads.getLast().toMillis() / 1e3,
                round.read().toMillis() / 1e3,
                round.readRate(),
                round.rebuildRate() / round.readRate());
        return round;
    }

    /** One after the other, so that the broker is the only one beside. */
    private Duration read(Installation installation, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", installation.bootstrap(),
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest");
        long start = System.nanoTime();
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            String topic = installation.topics().events(TYPE);
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList());
            for (int read = 0; read < count; ) {
                read += consumer.poll(Duration.ofSeconds(1)).count();
                requireTime(start);
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Duration rebuild(ViewRegistry board) {
        long start = System.nanoTime();
        Generation before = live(board);
        board.edit(notes -> {
            Generations all = notes.generations();
            return List.of(all.next(VIEW, before.code(), Map.of(), Instant.now()));
        });
        while (live(board).view().equals(before.view())) {
            requireTime(start);
            pause();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        board.edit(notes -> notes.generations().dropped(VIEW, Instant.now()));
        return took;
    }

    private static Generation live(ViewRegistry board) {
        long start = System.nanoTime();
        Generation live = board.generations().live(VIEW);
        while (live == null) {
            requireTime(start);
            pause();
            live = board.generations().live(VIEW);
        }
        return live;
    }

    private static void awaitLive(ViewRegistry board) {
        long start = System.nanoTime();
        while (board.generations().all().isEmpty()
                || board.generations().all().stream().anyMatch(each -> each.status() != Status.LIVE)) {
            requireTime(start);
            pause();
        }
    }

    /** Whoever is still folding what was appended would share the machine with what is measured. */
    private static void awaitRead(Admin admin, Generations all) {
        long start = System.nanoTime();
        for (Generation each : all.all()) {
            boolean isRead = each.status() != Status.LIVE || each.view().name().equals(OTHER);
            while (!isRead && behind(admin, ViewTopology.applicationId(each.view())) > 0) {
                requireTime(start);
                pause();
            }
        }
    }

    private static long behind(Admin admin, String group) {
        try {
            Map<TopicPartition, Long> committed = new HashMap<>();
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> committed.put(partition, offset.offset()));
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            committed.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
            long behind = committed.isEmpty() ? 1 : 0;
            for (var end : admin.listOffsets(latest).all().get().entrySet()) {
                behind += end.getValue().offset() - Objects.requireNonNull(committed.get(end.getKey()));
            }
            return behind;
        } catch (ExecutionException e) {
            throw new LoadException("the offsets of " + group + " are unknown: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }

    private void append(Installation installation, AvroSerdes serdes, int count) {
        AggregateType<?, ?, OrderEvent> type = new OrdersDomain().aggregate();
        OrderEvents orders = new OrderEvents(lines);
        try (EventAppender<OrderEvent> appender = new EventAppender<>(installation, serdes, type)) {
            for (int number = 0; number < count; number++) {
                int version = 1 + number % stages;
                appender.append("order-" + number / stages, version, orders.event(number / stages, version));
            }
        }
    }

    private static void requireTime(long start) {
        if (System.nanoTime() - start > LIMIT.toNanos()) {
            throw new LoadException("not done within " + LIMIT);
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
