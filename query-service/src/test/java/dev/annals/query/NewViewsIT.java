package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.query.Instance.Response;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Before projectors have built the first generation of a view. */
@Tag("heavy")
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NewViewsIT {

    private static final ViewId ACCOUNTS = new ViewId("accounts", 1);

    private final Installation installation;

    NewViewsIT(KafkaCluster kafka) {
        installation = Installation.withoutViews(kafka);
    }

    @AfterEach
    void stop() {
        installation.close();
    }

    private static Generation note(ViewId view) {
        return Installation.generation(view, view.equals(ACCOUNTS) ? Status.BUILDING : Status.LIVE);
    }

    @Test
    void a_view_that_is_being_built_is_invisible_until_it_is_live(@TempDir Path state) throws Exception {
        Instance service = installation.start(state);
        installation.note(Installation.views().stream().map(NewViewsIT::note).toArray(Generation[]::new));
        Installation.views().forEach(installation::createTopic);
        installation.account("a", 1, "1");
        service.awaitReady();

        for (String path : new String[] {"/v1/accounts", "/v1/accounts/a", "/v1/accounts/none"}) {
            Response problem = service.get(path);
            assertThat(problem.status()).isEqualTo(503);
            assertThat(problem.code()).isEqualTo("view-building");
            assertThat(problem.raw().headers().firstValue("Retry-After")).isPresent();
        }
        try (LiveReader live = service.live("/v1/accounts")) {
            assertThat(live.status()).isEqualTo(503);
        }
        JsonNode status = service.get("/v1/views").json().path("items").get(0);
        assertThat(status.path("name").asText()).isEqualTo("accounts");
        assertThat(status.path("state").asText()).isEqualTo("BUILDING");
        assertThat(status.path("generation").isNull()).isTrue();
        assertThat(status.path("replay").path("status").asText()).isEqualTo("building");

        installation.note(Installation.generation(ACCOUNTS, Status.LIVE));

        await().atMost(Instance.READY_LIMIT)
                .until(() -> service.get("/v1/accounts/a").status() == 200);
        assertThat(service.get("/v1/accounts/none").status()).isEqualTo(404);
    }

    @Test
    void while_no_projector_has_begun_a_view_the_service_is_not_ready(@TempDir Path state) {
        Installation.views().forEach(installation::createTopic);
        Instance service = installation.start(state);

        await().atMost(Instance.READY_LIMIT)
                .until(() -> service.text("/health/ready").contains("accounts: no projector has begun it yet"));
        assertThat(service.get("/v1/accounts/a").status()).isEqualTo(503);

        installation.note(Installation.views().stream()
                .map(view -> Installation.generation(view, Status.LIVE))
                .toArray(Generation[]::new));
        installation.account("a", 1, "1");

        service.awaitReady();
        assertThat(service.await("/v1/accounts/a").etag()).isEqualTo("\"1\"");
    }
}
