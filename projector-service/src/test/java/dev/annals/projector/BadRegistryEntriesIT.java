package dev.annals.projector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.accounts.AccountsDomain;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.http.HttpServer;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What whoever may write to {@code annals.views} can do to a projector: nothing to its disk, and nothing to its views
 * for ever.
 */
@WithKafka(registry = true)
class BadRegistryEntriesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String LONG_AGO = "2020-01-01T00:00:00Z";

    private final KafkaCluster kafka;

    @TempDir
    private Path folder;

    BadRegistryEntriesIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void no_entry_deletes_a_folder_of_somebody_else_or_ends_the_thread_that_reads_it() throws Exception {
        Path others = Files.createDirectories(folder.resolve("broker/accounts.events-3"));
        Files.writeString(others.resolve("log"), "events");
        Installation installation = Installation.of(kafka, folder, new Domains(List.of(new AccountsDomain())));
        Files.createDirectories( // the path leads through it
                folder.resolve("projector").resolve(installation.topics().prefix() + "annals-view-accounts-1"));
        entry(installation, "accounts-1/../../broker/accounts.events", 3, "gone", LONG_AGO);
        entry(installation, "\\u0000", 1, "gone", LONG_AGO);
        entry(installation, "unheard-of", 1, "removed", "+1000000000-12-31T23:59:59.999999999Z");

        try (Service service = new Service("projector")) {
            HttpServer http = installation.start(service, "projector");

            await().atMost(LIMIT).until(() -> readiness(http), body -> body.contains("\"ready\""));
        }
        assertThat(others.resolve("log")).hasContent("events");
    }

    /** @param view as JSON has it */
    private static void entry(Installation installation, String view, int generation, String status, String since) {
        String name = view.replace("\\u0000", "\0");
        String value = """
                {"view": "%s", "generation": %d, "code": {"version": 1, "shape": ""}, "status": "%s", "since": "%s"}""".formatted(view, generation, status, since);
        installation.write("generation/%s/%d".formatted(name, generation).getBytes(UTF_8), value.getBytes(UTF_8));
    }

    private static String readiness(HttpServer http) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:%d/health/ready".formatted(http.port())))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }
}
