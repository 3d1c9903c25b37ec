package dev.annals.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients of the command service's HTTP API: connections that are kept alive, a virtual thread each, spread over the
 * instances.
 */
final class HttpDriver implements Driver {

    private static final int OK = 200;

    private final List<URI> services;
    private final String accountPrefix;
    private final String headers;
    private int drives;

    /** @param headers of each request, each with its end of line */
    HttpDriver(List<URI> services, String accountPrefix, String headers) {
        this.services = List.copyOf(services);
        this.accountPrefix = accountPrefix;
        this.headers = headers;
    }

    @Override
    public Recorder drive(Load load) {
        Schedule schedule = new Schedule(load, System.nanoTime());
        String idPrefix = accountPrefix + "http-" + drives++ + "-";
        AtomicLong next = new AtomicLong();
        Recorder all = new Recorder(schedule);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Recorder>> running = new ArrayList<>();
            for (int i = 0; i < load.concurrency(); i++) {
                URI service = services.get(i % services.size());
                running.add(clients.submit(() -> connection(service, load, schedule, idPrefix, next)));
            }
            running.forEach(client -> all.add(recorder(client)));
        }
        return all;
    }

    private static Recorder recorder(Future<Recorder> client) {
        try {
            return client.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        } catch (ExecutionException e) {
            throw new LoadException("over HTTP: " + e.getCause(), e);
        }
    }

    private Recorder connection(URI service, Load load, Schedule schedule, String idPrefix, AtomicLong next)
            throws IOException {
        Recorder recorder = new Recorder(schedule);
        try (HttpConnection connection = new HttpConnection(service)) {
            for (long i = next.getAndIncrement(); schedule.has(i, System.nanoTime()); i = next.getAndIncrement()) {
                byte[] request = request(service, load, i, idPrefix + i);
                long start = schedule.await(i);
                HttpConnection.Answer answer = connection.exchange(request);
                recorder.record(start, System.nanoTime());
                if (answer.status() != OK) {
                    throw new LoadException("a command was not accepted: " + answer);
                }
            }
        }
        return recorder;
    }

    private byte[] request(URI service, Load load, long i, String commandId) {
        String body = load.kind().json();
        return """
                POST /v1/accounts/%s%d/%s HTTP/1.1\r
                Host: %s\r
                Idempotency-Key: %s\r
                Content-Type: application/json\r
                Content-Length: %d\r
                %s\r
                %s""".formatted(
                        accountPrefix,
                        load.account(i),
                        load.kind().simpleName(),
                        service.getAuthority(),
                        commandId,
                        body.length(),
                        headers,
                        body)
                .getBytes(StandardCharsets.UTF_8);
    }
}
