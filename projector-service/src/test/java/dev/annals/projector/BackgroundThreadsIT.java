package dev.annals.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountsView;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.http.HttpServer;
import dev.annals.testsupport.BackgroundThreads;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each background thread is killed while the service runs. */
@Tag("long")
@WithKafka(registry = true)
class BackgroundThreadsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final KafkaCluster kafka;

    BackgroundThreadsIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void the_service_counts_the_loss_of_each_and_goes_on(@TempDir Path folder) {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        try (Service service = new Service("projector");
                EventLog<AccountEvent> accounts = installation.accounts()) {
            HttpServer http = installation.start(service, "one");
            await().atMost(LIMIT).until(() -> isReady(http));

            Set<String> killed = BackgroundThreads.kill(get(http, "/metrics"));

            assertThat(killed)
                    .containsExactlyInAnyOrder(
                            "cluster-watch", "kafka-watch", "view-generations", "view-registry", "view-stop-writer");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(BackgroundThreads.failed(get(http, "/metrics")))
                            .containsExactlyElementsOf(killed));
            await().atMost(LIMIT).until(() -> isReady(http));
            accounts.append("ann", new AccountOpened("Ann", "CZK", BigDecimal.ZERO));
            accounts.flush();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(installation.rows().of(new AccountsView()))
                            .containsKey("ann"));
        }
    }

    private static boolean isReady(HttpServer http) {
        return get(http, "/health/ready").contains("\"ready\"");
    }

    private static String get(HttpServer http, String path) {
        try {
            return ProjectorProcess.get(http.port(), path).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
