package dev.annals.checker.fuzz;

import dev.annals.checker.fuzz.Wire.NoAnswerException;
import dev.annals.service.http.HttpServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Sends requests by several connections at a time, one after the other on each, and looks at what comes. */
final class HttpFeed {

    private static final int SHOWN = 300;
    private static final int UNAVAILABLE = 503;
    private static final int TOO_LARGE = 413;

    private final HttpInputs inputs;
    private final Map<Target, URI> addresses;
    private final Tally tally;
    private final int connections;

    HttpFeed(HttpInputs inputs, Map<Target, URI> addresses, int connections, Tally tally) {
        this.inputs = inputs;
        this.addresses = Map.copyOf(addresses);
        this.connections = connections;
        this.tally = tally;
    }

    /**
     * Sends the inputs of these numbers, and closes all connections.
     *
     * @param deadline as {@link System#nanoTime}; inputs that would come later are left out
     * @return the first number that was not sent
     */
    long send(long from, long to, long deadline) throws InterruptedException, ExecutionException {
        AtomicLong next = new AtomicLong(from);
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            List<Callable<Void>> senders = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                senders.add(() -> {
                    sendSome(next, to, deadline);
                    return null;
                });
            }
            for (Future<Void> each : threads.invokeAll(senders)) {
                each.get();
            }
        }
        return Math.min(to, next.get());
    }

    private void sendSome(AtomicLong next, long to, long deadline) {
        Map<Target, Wire> kept = new EnumMap<>(Target.class);
        try {
            for (long number = next.getAndIncrement();
                    number < to && System.nanoTime() < deadline;
                    number = next.getAndIncrement()) {
                send(inputs.make(number), kept);
            }
        } finally {
            kept.values().forEach(HttpFeed::close);
        }
    }

    /** Sends one input on its own, and tells what came. */
    String sendAlone(long number) {
        HttpInput input = inputs.make(number);
        Map<Target, Wire> kept = new EnumMap<>(Target.class);
        List<Answer> answers = send(input, kept);
        kept.values().forEach(HttpFeed::close);
        StringBuilder told = new StringBuilder(input.toString());
        answers.forEach(answer -> told.append("%n  %d %s %s"
                .formatted(answer.status(), answer.headers(), new String(answer.body(), StandardCharsets.UTF_8))));
        return told.toString();
    }

    private List<Answer> send(HttpInput input, Map<Target, Wire> kept) {
        tally.sent(input.target(), input.kind());
        try {
            List<Answer> answers = switch (input.manner()) {
                case REQUEST -> List.of(request(input, kept));
                case BROKEN -> broken(input);
                case GIVEN_UP, RESET -> givenUp(input);
            };
            for (Answer answer : answers) {
                tally.answered(input.target(), Integer.toString(answer.status()));
                if (answer.status() == UNAVAILABLE) {
                    tally.note("503 of %s: %s".formatted(input.target(), shown(answer)));
                }
                String fault = AnswerRules.fault(input, answer);
                if (fault != null) {
                    tally.find("answer", "%s: %s: %s".formatted(fault, input, shown(answer)));
                }
            }
            return answers;
        } catch (IOException | RuntimeException e) {
            tally.answered(input.target(), "none");
            tally.find("no answer", "%s: %s".formatted(e, input));
            return List.of();
        }
    }

    private static String shown(Answer answer) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        return body.length() > SHOWN ? body.substring(0, SHOWN) + "…" : body;
    }

    private Answer request(HttpInput input, Map<Target, Wire> kept) throws IOException {
        Wire wire = kept.remove(input.target());
        boolean used = wire != null && wire.isUsed();
        if (wire == null) {
            wire = new Wire(address(input));
        }
        try {
            return exchange(wire, input, kept);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            close(wire);
            if (!used) {
                return refusedUnread(input, e);
            }
            // Closed by the server before it saw the request, as it may at any time.
            return exchange(new Wire(address(input)), input, kept);
        }
    }

    /** A body that is too large is answered before it is read, and the connection closed: clients may see only that. */
    private static Answer refusedUnread(HttpInput input, IOException failure) throws IOException {
        if (input.bytes().length > HttpServer.MAX_BODY_BYTES) {
            return new Answer(TOO_LARGE, Map.of("connection", "close", "content-type", "unread"), new byte[0], true);
        }
        throw failure;
    }

    private static Answer exchange(Wire wire, HttpInput input, Map<Target, Wire> kept) throws IOException {
        Answer answer = wire.exchange(input.bytes(), input.head());
        if (answer.closes()) {
            close(wire);
        } else {
            kept.put(input.target(), wire);
        }
        return answer;
    }

    private List<Answer> broken(HttpInput input) throws IOException {
        try (Wire wire = new Wire(address(input))) {
            List<Answer> answers = wire.exchangeAll(input.bytes(), input.head());
            if (answers.isEmpty()) {
                tally.answered(input.target(), "closed");
            }
            return answers;
        } catch (SocketTimeoutException e) {
            throw new NoAnswerException("it was not closed within %d ms".formatted(Wire.END_LIMIT_MILLIS));
        }
    }

    private List<Answer> givenUp(HttpInput input) {
        try (Wire wire = new Wire(address(input))) {
            wire.giveUp(input.bytes(), input.manner() == HttpInput.Manner.RESET);
        } catch (IOException e) {
            // The server was quicker.
        }
        tally.answered(input.target(), "not looked at");
        return List.of();
    }

    private URI address(HttpInput input) {
        return Objects.requireNonNull(addresses.get(input.target()));
    }

    private static void close(Wire wire) {
        try {
            wire.close();
        } catch (IOException e) {
            // It is gone all the same.
        }
    }
}
