package dev.annals.checker;

import dev.annals.accounts.AccountCommand.CloseAccount;
import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountCommand.Withdraw;
import dev.annals.api.AggregateType;
import dev.annals.checker.check.Finding;
import dev.annals.checker.check.Rule;
import dev.annals.checker.cluster.Installation;
import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.checker.history.History.Sighting;
import dev.annals.checker.workload.Barriers;
import dev.annals.checker.workload.Workload;
import dev.annals.engine.kafka.EventKey;
import dev.annals.orders.OrderCommand.DeliverOrder;
import dev.annals.orders.OrderCommand.PayOrder;
import dev.annals.orders.OrderCommand.ReturnLines;
import dev.annals.orders.ReturnedLine;
import dev.annals.seats.ConferenceCommand.CancelReservation;
import dev.annals.seats.ConferenceCommand.ChangeCapacity;
import dev.annals.seats.ConferenceCommand.CloseConference;
import dev.annals.seats.ConferenceCommand.ReserveSeats;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the service, when all is quiet, about the state that it holds, since it has no way to read it.
 *
 * <p>First one command to each partition: when it is answered, all that came before it is decided and committed. Then,
 * and after processes have come to their ends, the events are read, and the aggregates that changed last get commands
 * whose answers tell of the state: one that expects another version and must conflict, and some that expect the version
 * that the events have, whose rejections name balances, totals, pieces, seats and reasons. They are calls like all
 * others, so {@link dev.annals.checker.check.HistoryCheck} judges them: that the events were read before makes any
 * older version a finding.
 */
final class FinalProbes {

    /** Of each type, those that changed last; the others were last seen earlier in the run. */
    private static final int MAX_PROBED = 24;

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final BigDecimal SMALLEST = new BigDecimal("0.0001");
    private static final int MANY = 1_000_000;
    private static final BigDecimal HUGE = BigDecimal.valueOf(1_000_000_000);

    private final Workload workload;
    private final List<AggregateType<?, ?, ?>> types;
    private final TopicLogs logs;
    private final List<Finding> findings = Collections.synchronizedList(new ArrayList<>());

    /** @param types that are probed */
    FinalProbes(Workload workload, TopicLogs logs, List<AggregateType<?, ?, ?>> types) {
        this.workload = workload;
        this.types = types;
        this.logs = logs;
    }

    /** Returns when all commands are decided that clients had sent. */
    void awaitDecisions() throws InterruptedException, ExecutionException {
        inParallel(Barriers.of(types, Installation.PARTITIONS).stream()
                .<Callable<Call>>map(aggregate -> () -> ask(aggregate, "barrier", Barriers.command(aggregate), null))
                .toList());
    }

    /** What was read before the probes; {@link #findings} has what was not answered. */
    List<Sighting> run() throws InterruptedException, ExecutionException, TimeoutException {
        Map<AggregateRef, Long> versions = versions();
        long now = System.nanoTime();
        inParallel(latest(versions).stream()
                .<Callable<Call>>map(aggregate -> () -> probe(aggregate, versions.getOrDefault(aggregate, 0L)))
                .toList());
        return versions.entrySet().stream()
                .map(each -> new Sighting(each.getKey(), each.getValue(), now))
                .toList();
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    private static void inParallel(List<Callable<Call>> probes) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Call> asked : threads.invokeAll(probes)) {
                var unused = asked.get();
            }
        }
    }

    private Map<AggregateRef, Long> versions() throws TimeoutException {
        Map<AggregateRef, Long> versions = new LinkedHashMap<>();
        logs.events().forEach(event -> {
            EventKey key = EventKey.parse(event.key());
            versions.put(new AggregateRef(event.type(), key.aggregateId()), key.version());
        });
        return versions;
    }

    private static List<AggregateRef> latest(Map<AggregateRef, Long> versions) {
        Map<String, Integer> taken = new LinkedHashMap<>();
        return new ArrayList<>(versions.keySet())
                .reversed().stream()
                        .filter(aggregate -> taken.merge(aggregate.type(), 1, Integer::sum) <= MAX_PROBED)
                        .toList();
    }

    private Call probe(AggregateRef aggregate, long folded) throws InterruptedException {
        Call call = ask(aggregate, "conflict", Barriers.command(aggregate), folded - 1);
        long version = folded;
        int number = 0;
        for (Object question : questions(aggregate)) {
            call = ask(aggregate, "question-" + number++, question, version);
            if (call.answer() instanceof Decided decided) {
                version = decided.version();
            }
        }
        return call;
    }

    private static List<Object> questions(AggregateRef aggregate) {
        return switch (aggregate.type()) {
            case "orders" ->
                List.of(
                        new PayOrder("card", SMALLEST),
                        new ReturnLines(List.of(new ReturnedLine("sku", MANY))),
                        new DeliverOrder(),
                        new DeliverOrder());
            case "seats" ->
                List.of(
                        new ReserveSeats("prober", MANY),
                        new ChangeCapacity(0),
                        new CancelReservation("prober"),
                        new CloseConference());
            default ->
                List.of(
                        new OpenAccount("prober", "EUR", null),
                        new Withdraw(HUGE, null, null),
                        new Deposit(SMALLEST, null, null),
                        new CloseAccount());
        };
    }

    private Call ask(AggregateRef aggregate, String id, Object command, @Nullable Long expectedVersion)
            throws InterruptedException {
        Call call = workload.insist(aggregate, "probe-" + id, command, expectedVersion, LIMIT);
        if (!(call.answer() instanceof Decided)) {
            findings.add(new Finding(
                    Rule.NOT_RECOVERED,
                    aggregate.toString(),
                    "%s got no answer within %d s after the last fault: %s"
                            .formatted(call.describe(), LIMIT.toSeconds(), call.answer())));
        }
        return call;
    }
}
