package dev.annals.process;

import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.reacting.OperatorsWord;
import dev.annals.engine.reacting.ParkedInstances;
import dev.annals.engine.reacting.ProcessCommandId;
import dev.annals.service.ServiceConfig;
import dev.annals.service.http.OperatorBody;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.RouteAccess;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.service.kafka.StreamsHost;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.KafkaStreams;

/** What operators ask of processes over HTTP. Thread-safe. */
record ProcessRoutes(ServiceConfig config, List<HostedProcess> processes, StreamsHost streams, ParkedInstances parked) {

    private static final Duration SEND_LIMIT = Duration.ofSeconds(8);
    private static final String RETRY_SOON = "1";
    private static final String SKIP_BODY =
            "{\"reason\": \"…\", \"actor\": \"…\"}, the actor if you like, with " + Instruction.RULE;

    /** One process, as it is answered. */
    record Report(
            String name,
            String state,
            String from,
            List<String> follows,
            List<String> sendsTo,
            int partitions,
            int parkedHere) {}

    void add(RoutesConfig routes) {
        routes.get("/v1/processes", ctx -> ctx.json(Map.of("processes", report())), RouteAccess.OPERATE);
        routes.post("/v1/processes/{process}/{id}/retry", this::retry, RouteAccess.OPERATE);
        routes.post("/v1/processes/{process}/{id}/skip", this::skip, RouteAccess.OPERATE);
    }

    private List<Report> report() {
        return processes.stream()
                .map(process -> new Report(
                        process.binding().name(),
                        streams.state(process.application()),
                        process.from().toString(),
                        List.copyOf(process.binding().followedTypes()),
                        List.copyOf(process.binding().commandedTypes()),
                        process.partitions(),
                        parked.count(process.binding().name())))
                .toList();
    }

    private void retry(Context ctx) {
        HostedProcess process = process(ctx);
        send(process, OperatorsWord.retry(config.topics(), process.binding().name(), instance(ctx, process)));
        ctx.status(202);
    }

    private void skip(Context ctx) {
        HostedProcess process = process(ctx);
        String instance = instance(ctx, process);
        OperatorBody body = OperatorBody.read(ctx, SKIP_BODY, List.of("reason", "actor"));
        send(process, OperatorsWord.skip(config.topics(), process.binding().name(), instance, body.instruction()));
        ctx.status(202);
    }

    private HostedProcess process(Context ctx) {
        String name = ctx.pathParam("process");
        return processes.stream()
                .filter(process -> process.binding().name().equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.of(
                        404,
                        "no-such-process",
                        "no process '%s'; there are %s"
                                .formatted(
                                        name,
                                        processes.stream()
                                                .map(process ->
                                                        process.binding().name())
                                                .toList())));
    }

    private static String instance(Context ctx, HostedProcess process) {
        String id = ctx.pathParam("id");
        String name = process.binding().name();
        if (!ProcessCommandId.isValid(name, id)) {
            throw ProblemException.of(
                    400, "invalid-id", "instance '%s': expected %s".formatted(id, ProcessCommandId.rule(name)));
        }
        return id;
    }

    /** Only to one that runs: its topic is there then. Words are rare, so nothing is kept open for them. */
    private void send(HostedProcess process, ProducerRecord<byte[], byte[]> word) {
        String state = streams.state(process.application());
        if (!state.equals(KafkaStreams.State.RUNNING.name())) {
            throw unavailable("the process is " + state);
        }
        try (Producer<byte[], byte[]> producer = new KafkaClients(config.kafka(), SEND_LIMIT).producer(Map.of())) {
            producer.send(word).get(SEND_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unavailable(KafkaWatch.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("the service ends");
        }
    }

    private static ProblemException unavailable(String why) {
        return ProblemException.of(503, "unavailable", "%s; try again".formatted(why))
                .withHeader("Retry-After", RETRY_SOON);
    }
}
