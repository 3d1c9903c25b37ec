package dev.annals.benchmarks.load;

import dev.annals.benchmarks.micro.OrderEvents;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrdersDomain;
import dev.annals.service.Workers;
import dev.annals.service.views.ViewRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How fast a view is built anew: {@code country-sales} by one projector, against a plain consumer that reads the same
 * topic and does nothing with it. First over so many events, then over twice as many. The time of a rebuild begins when
 * it is asked for and ends when readers may have it, with everything in between.
 */
@Command(
        name = "replay",
        description = "Builds country-sales anew, and reads its events with a plain consumer, in one run.")
final class ReplayMain extends Measurement {

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
        run(new ReplayMain(), args);
    }

    @Override
    void measure() throws Exception {
        Round first = round(events);
        Round second = round(2 * events);
        print(
                "twice the events take %.2f times as long",
                (double) second.rebuilt().toNanos() / first.rebuilt().toNanos());
    }

    /** In an installation of its own, whose events are there before its projector is. */
    private Round round(int count) throws Exception {
        try (Installation installation = Installation.start()) {
            installation.provision();
            append(installation, count);
            installation.startReader("projector", Installation.PROJECTOR, settings);
            try (ViewRegistry board = new ViewRegistry(installation.config(), new Workers(new SimpleMeterRegistry()));
                    Admin admin = installation.clients().admin()) {
                board.start();
                return round(installation, board, admin, count);
            }
        }
    }

    private Round round(Installation installation, ViewRegistry board, Admin admin, int count) throws Exception {
        await("all views to be live", () -> areLive(board.generations().all()));
        await(
                "the views to have read all",
                () -> haveRead(admin, board.generations().all()));
        List<Duration> reads = new ArrayList<>();
        read(installation, count, reads);
        Duration rebuilt = Replay.of(VIEW, board);
        read(installation, count, reads);
        Collections.sort(reads);
        Round round = new Round(count, reads, rebuilt);
        print(
                "%,d events, %d of each order: rebuilt in %.1f s, %,.0f/s; plain consumer, %d times, %.2f to %.2f s,"
                        + " median %.2f s, %,.0f/s; ratio %.3f",
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

    private static void await(String what, Callable<Boolean> isSo) throws Exception {
        await(what, LIMIT, LOOK_EVERY, isSo);
    }

    /** One after the other, so that the broker is the only one beside. */
    private static void read(Installation installation, int count, List<Duration> reads) throws Exception {
        for (int i = 0; i < READS; i++) {
            long start = System.nanoTime();
            try (Consumer<byte[], byte[]> consumer = installation.clients().consumer(Map.of())) {
                String topic = installation.topics().events(TYPE);
                consumer.assign(consumer.partitionsFor(topic).stream()
                        .map(each -> new TopicPartition(topic, each.partition()))
                        .toList());
                AtomicInteger read = new AtomicInteger();
                await("a plain consumer to read all", LIMIT, Duration.ZERO, () -> {
                    return read.addAndGet(consumer.poll(Duration.ofSeconds(1)).count()) >= count;
                });
            }
            reads.add(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private static boolean areLive(Collection<Generation> all) {
        return !all.isEmpty() && all.stream().allMatch(each -> each.status() == Status.LIVE);
    }

    /** Whoever is still folding what was appended would share the machine with what is measured. */
    private static boolean haveRead(Admin admin, Collection<Generation> all)
            throws ExecutionException, InterruptedException {
        for (Generation each : all) {
            if (each.status() == Status.LIVE
                    && !each.view().name().equals(OTHER)
                    && behind(admin, ViewTopology.applicationId(each.view())) > 0) {
                return false;
            }
        }
        return true;
    }

    private static long behind(Admin admin, String group) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        committed.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        long behind = committed.isEmpty() ? 1 : 0;
        for (var end : admin.listOffsets(latest).all().get().entrySet()) {
            behind += end.getValue().offset()
                    - Objects.requireNonNull(committed.get(end.getKey())).offset();
        }
        return behind;
    }

    private void append(Installation installation, int count) {
        OrderEvents orders = new OrderEvents(lines);
        try (EventAppender<OrderEvent> appender = new EventAppender<>(installation, new OrdersDomain().aggregate())) {
            for (int number = 0; number < count; number++) {
                int version = 1 + number % stages;
                appender.append("order-" + number / stages, version, orders.event(number / stages, version));
            }
        }
    }
}
