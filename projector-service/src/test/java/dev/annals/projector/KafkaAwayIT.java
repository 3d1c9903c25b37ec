package dev.annals.projector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.accounts.AccountsDomain;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.http.HttpServer;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The broker is killed, and comes back. */
@Tag("long")
@WithKafka(registry = true)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class KafkaAwayIT {

    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

    private final KafkaCluster kafka;

    KafkaAwayIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void the_projector_says_that_kafka_does_not_answer_until_it_does(@TempDir Path folder) throws Exception {
        Installation installation = Installation.of(kafka, folder, new Domains(List.of(new AccountsDomain())));
        try (Service service = new Service("projector");
                HttpClient client = HttpClient.newHttpClient()) {
            HttpServer http = installation.start(service, "one");
            await().atMost(READY_LIMIT)
                    .until(() -> get(client, http, "/health/ready").statusCode() == 200);
            assertThat(get(client, http, "/metrics").body()).contains("annals_kafka_answers 1.0");

            kafka.broker().kill();
            try {
                await().atMost(KafkaWatch.NOTICED_WITHIN).untilAsserted(() -> {
                    HttpResponse<String> ready = get(client, http, "/health/ready");
                    assertThat(ready.statusCode()).isEqualTo(503);
                    assertThat(ready.body()).contains("Kafka does not answer since ");
                });
                assertThat(get(client, http, "/metrics").body()).contains("annals_kafka_answers 0.0");
                HttpResponse<String> views = get(client, http, "/v1/views");
                assertThat(views.statusCode()).isEqualTo(503);
                assertThat(views.body()).contains("Kafka does not answer");
            } finally {
                kafka.broker().start();
            }
            await().atMost(READY_LIMIT)
                    .until(() -> get(client, http, "/health/ready").statusCode() == 200);
            assertThat(get(client, http, "/metrics").body()).contains("annals_kafka_answers 1.0");
        }
    }

    private static HttpResponse<String> get(HttpClient client, HttpServer http, String path)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path))
                        .timeout(ANSWER_LIMIT)
                        .build(),
                HttpResponse.BodyHandlers.ofString(UTF_8));
    }
}
