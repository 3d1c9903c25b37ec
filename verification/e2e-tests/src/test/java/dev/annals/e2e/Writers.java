package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.e2e.Business.Exchange;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Clients that do one {@link Business} after the other until they are told to end. */
final class Writers implements AutoCloseable {

    private static final int WRITERS = 2;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Installation annals;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private volatile @Nullable Beside other;
    private volatile boolean ended;

    Writers(Installation annals) {
        this.annals = annals;
        for (int i = 0; i < WRITERS; i++) {
            threads.add(Thread.ofPlatform().start(this::write));
        }
    }

    /** From now on, every second command is sent to this command service. */
    void alsoTo(Beside commandService) {
        other = commandService;
    }

    void onlyToTheInstallation() {
        other = null;
    }

    /** Returns when so many more are done. */
    void awaitMore(int count) {
        int enough = done.get() + count;
        Awaitility.await().atMost(LIMIT).until(() -> done.get() >= enough || !failures.isEmpty());
        assertThat(failures).isEmpty();
    }

    /** All that were answered up to now. */
    List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** Returns when everything that was begun is done. */
    List<Exchange> end() throws InterruptedException {
        ended = true;
        for (Thread each : threads) {
            assertThat(each.join(LIMIT))
                    .as("a writer has ended within %s", LIMIT)
                    .isTrue();
        }
        assertThat(failures).isEmpty();
        return exchanges();
    }

    @Override
    public void close() {
        ended = true;
        threads.forEach(Thread::interrupt);
    }

    private void write() {
        Business business = new Business(this::post);
        try {
            while (!ended) {
                exchanges.addAll(business.one(begun.getAndIncrement()));
                done.incrementAndGet();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (Exception | AssertionError e) {
            failures.add(e);
        }
    }

    private HttpResponse<String> post(String path, String json, String... headers)
            throws IOException, InterruptedException {
        Beside beside = other;
        return beside != null && sent.incrementAndGet() % 2 == 0
                ? annals.post(beside.port(), path, json, headers)
                : annals.post(path, json, headers);
    }
}
