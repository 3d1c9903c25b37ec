package dev.annals.benchmarks.load;

import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountsDomain;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What it costs to have old events leave, and what it saves: accounts whose events are all old, one command service
 * that has them summarized and erased, then the broker's cleaner.
 */
@Command(
        name = "retention",
        description = "Has old events leave, and says how long it takes and what is left on the disk.")
final class RetentionMain extends Measurement {

    private static final String TOPIC = "accounts.events";
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /**
     * When the topic has not become smaller for so long, the cleaner is through: the embedded broker's looks every 15
     * s.
     */
    private static final Duration REST = Duration.ofSeconds(40);

    private static final long SMALL = 10_000;

    /** Of so many accounts some are in each partition. */
    private static final int ROLLED = 40;

    @Option(names = "--accounts")
    private int accounts = 10_000;

    @Option(names = "--events", description = "Of each account.")
    private int events = 100;

    @Option(names = "--tombstones-kept", description = "delete.retention.ms of the topic, as an ISO-8601 duration.")
    private Duration tombstonesKept = Duration.ofDays(36_500);

    private final HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] args) {
        run(new RetentionMain(), args);
    }

    @Override
    void measure() throws Exception {
        try (Installation installation = Installation.start();
                Admin admin = installation.clients().admin()) {
            installation.provision();
            append(installation);
            print("%,d events of %,d accounts: %s", (long) accounts * events, accounts, mebibytes(bytes(admin)));
            expire(installation);
            print("with their tombstones: %s", mebibytes(bytes(admin)));
            clean(installation, admin);
        }
    }

    private void append(Installation installation) {
        try (EventAppender<AccountEvent> appender =
                new EventAppender<>(installation, new AccountsDomain().aggregate())) {
            for (int version = 1; version <= events; version++) {
                for (int account = 0; account < accounts; account++) {
                    appender.append("account-" + account, version, EventAppender.ofAccount(version));
                }
            }
        }
    }

    /** From when the service is ready, with all states folded, until all events have left. */
    private void expire(Installation installation) throws Exception {
        installation.startCommandService(
                Installation.QUICKSTART_OPTIONS,
                Map.of("annals.command.retention.accounts", "PT1H", "annals.command.expiry.interval", "PT1S"));
        URI service = installation.services().getFirst();
        long start = System.nanoTime();
        AtomicLong summarized = new AtomicLong();
        await("the events to leave", LIMIT, PAUSE, () -> {
            if (summarized.get() == 0 && counted(service, "annals_summaries_requested_total") >= accounts) {
                summarized.set(System.nanoTime());
            }
            return counted(service, "annals_events_expired_total") >= (long) accounts * events;
        });
        print(
                "left after %.1f s; a summary was asked of all accounts after %.1f s",
                seconds(start, System.nanoTime()), seconds(start, summarized.get()));
    }

    private double counted(URI service, String counter) throws IOException, InterruptedException {
        String metrics = client.send(
                        HttpRequest.newBuilder(service.resolve("/metrics")).build(), BodyHandlers.ofString())
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith(counter + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Segments are closed by the next event, so some come all the time. */
    private void clean(Installation installation, Admin admin) throws Exception {
        set(
                admin,
                Map.of(
                        "min.cleanable.dirty.ratio", "0",
                        "min.compaction.lag.ms", "0",
                        "segment.ms", "1000",
                        "delete.retention.ms", Long.toString(tombstonesKept.toMillis())));
        AtomicLong least = new AtomicLong(bytes(admin));
        AtomicLong leastSince = new AtomicLong(System.nanoTime());
        AtomicInteger version = new AtomicInteger();
        await("the cleaner", LIMIT, PAUSE, () -> {
            roll(installation, version.incrementAndGet());
            long now = bytes(admin);
            if (now < least.get() - SMALL) {
                least.set(now);
                leastSince.set(System.nanoTime());
            }
            return System.nanoTime() - leastSince.get() > REST.toNanos();
        });
        print("cleaned, with tombstones kept for %s: %s", tombstonesKept, mebibytes(least.get()));
    }

    private static void roll(Installation installation, int version) {
        try (EventAppender<AccountEvent> appender =
                new EventAppender<>(installation, new AccountsDomain().aggregate())) {
            for (int account = 0; account < ROLLED; account++) {
                appender.append("roll-" + account, version, EventAppender.ofAccount(version));
            }
        }
    }

    private static long bytes(Admin admin) throws ExecutionException, InterruptedException {
        List<Integer> brokers =
                admin.describeCluster().nodes().get().stream().map(Node::id).toList();
        return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
                .flatMap(folders -> folders.values().stream())
                .flatMap(folder -> folder.replicaInfos().entrySet().stream())
                .filter(replica -> replica.getKey().topic().equals(TOPIC))
                .mapToLong(replica -> replica.getValue().size())
                .sum();
    }

    private static void set(Admin admin, Map<String, String> settings) throws ExecutionException, InterruptedException {
        List<AlterConfigOp> changes = new ArrayList<>();
        settings.forEach(
                (key, value) -> changes.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, TOPIC), changes))
                .all()
                .get();
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1_048_576.0);
    }
}
