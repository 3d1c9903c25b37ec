package dev.annals.benchmarks.load;

import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountsDomain;
import dev.annals.engine.kafka.Topics;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What it costs to have old events leave, and what it saves: accounts whose events are all old, one command service
 * that has them summarized and erased, then the broker's cleaner.
 */
@Command(
        name = "retention",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Has old events leave, and says how long it takes and what is left on the disk.")
final class RetentionMain implements Callable<Integer> {

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

    @Option(names = "--registry-home", description = "The unpacked registry; default: the one that the build unpacks.")
    private @Nullable Path registryHome;

    private final HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] args) {
        LoadMain.run(new CommandLine(new RetentionMain()), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        Path folder = Files.createTempDirectory("annals-retention");
        try (Installation installation = Installation.start(
                        folder, new Topics(""), LoadMain.registryHome(registryHome), 0, List.of(), Map.of());
                Admin admin = Admin.create(Map.of("bootstrap.servers", installation.bootstrap()))) {
            append(installation);
            print("%,d events of %,d accounts: %s", (long) accounts * events, accounts, mebibytes(bytes(admin)));
            expire(installation);
            print("with their tombstones: %s", mebibytes(bytes(admin)));
            clean(installation, admin);
        } finally {
            LoadMain.delete(folder);
        }
        return 0;
    }

    private void append(Installation installation) {
        try (EventAppender<AccountEvent> appender = new EventAppender<>(
                installation, installation.provisioned().values(), new AccountsDomain().aggregate())) {
            for (int version = 1; version <= events; version++) {
                for (int account = 0; account < accounts; account++) {
                    appender.append("account-" + account, version, event(version));
                }
            }
        }
    }

    private static AccountEvent event(int version) {
        return version == 1
                ? new AccountOpened("ann", "CZK", BigDecimal.ZERO)
                : new MoneyDeposited(new BigDecimal("1.25"), null, "deposit " + version);
    }

    /** From when the service is ready, with all states folded, until all events have left. */
    private void expire(Installation installation) throws IOException, InterruptedException {
        installation.startCommandService(
                Installation.QUICKSTART_OPTIONS,
                Map.of("annals.command.retention.accounts", "PT1H", "annals.command.expiry.interval", "PT1S"));
        URI service = installation.services().getFirst();
        long start = System.nanoTime();
        long summarized = 0;
        while (expired(service, "annals_events_expired_total") < (long) accounts * events) {
            if (summarized == 0 && expired(service, "annals_summaries_requested_total") >= accounts) {
                summarized = System.nanoTime();
            }
            await(start, "the events to leave");
        }
        print(
                "left after %.1f s; a summary was asked of all accounts after %.1f s",
                seconds(start, System.nanoTime()), seconds(start, summarized));
    }

    private double expired(URI service, String counter) throws IOException, InterruptedException {
        String metrics = client.send(
                        HttpRequest.newBuilder(service.resolve("/metrics")).build(), BodyHandlers.ofString())
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith(counter + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Segments are closed by the next event, so some come all the time. */
    private void clean(Installation installation, Admin admin) throws ExecutionException, InterruptedException {
        set(
                admin,
                Map.of(
                        "min.cleanable.dirty.ratio",
                        "0",
                        "min.compaction.lag.ms",
                        "0",
                        "segment.ms",
                        "1000",
                        "delete.retention.ms",
                        Long.toString(tombstonesKept.toMillis())));
        long start = System.nanoTime();
        long least = bytes(admin);
        long leastSince = start;
        for (int i = 1; System.nanoTime() - leastSince < REST.toNanos(); i++) {
            try (EventAppender<AccountEvent> appender = new EventAppender<>(
                    installation, installation.provisioned().values(), new AccountsDomain().aggregate())) {
                for (int account = 0; account < ROLLED; account++) {
                    appender.append("roll-" + account, i, event(i));
                }
            }
            await(start, "the cleaner");
            long now = bytes(admin);
            if (now < least - SMALL) {
                least = now;
                leastSince = System.nanoTime();
            }
        }
        print("cleaned, with tombstones kept for %s: %s", tombstonesKept, mebibytes(least));
    }

    private static void await(long start, String what) throws InterruptedException {
        if (System.nanoTime() - start > LIMIT.toNanos()) {
            throw new LoadException("gave up waiting for " + what);
        }
        Thread.sleep(PAUSE);
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

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
