package dev.annals.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RegistryProcessIT {
    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private RegistryProcess registry;

    @BeforeEach
    void start_a_registry() {
        registry = RegistryProcess.start(RegistryConfig.in(folder.resolve("registry")));
    }

    @AfterEach
    void stop_the_registry() {
        registry.close();
    }

    @Test
    void ids_are_neither_lost_nor_reused_after_a_kill() throws Exception {
        assertThat(register("a", "string").body()).isEqualTo("{\"id\":1}");
        assertThat(register("b", "int").body()).isEqualTo("{\"id\":2}");

        registry.kill();
        registry.start();

        assertThat(register("a", "string").body()).isEqualTo("{\"id\":1}");
        assertThat(register("b", "int").body()).isEqualTo("{\"id\":2}");
        assertThat(register("c", "bytes").body()).isEqualTo("{\"id\":3}");
    }

    @Test
    void a_change_that_is_not_backward_compatible_is_refused() throws Exception {
        assertThat(register("a", "int").statusCode()).isEqualTo(200);

        assertThat(register("a", "long").statusCode()).as("int is read as long").isEqualTo(200);
        assertThat(register("a", "boolean").statusCode()).isEqualTo(409);
    }

    private HttpResponse<String> register(String subject, String primitive) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/" + subject + "/versions"))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(BodyPublishers.ofString("{\"schema\":\"\\\"" + primitive + "\\\"\"}"))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
