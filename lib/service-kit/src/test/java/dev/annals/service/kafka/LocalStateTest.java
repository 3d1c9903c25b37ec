package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalStateTest {

    @TempDir
    private Path folder;

    private ServiceConfig config() {
        return ServiceConfig.of(
                Settings.of(Map.of(
                        "kafka.bootstrap.servers", "localhost:1",
                        "annals.topics.prefix", "eu.",
                        "annals.state.dir", folder.resolve("state").toString())),
                0);
    }

    private Path there(String path) throws IOException {
        Path made = Files.createDirectories(folder.resolve(path));
        Files.writeString(made.resolve("file"), "something");
        return made;
    }

    @Test
    void the_stores_of_an_application_are_deleted_with_all_that_is_in_them() throws IOException {
        Path stores = there("state/eu.annals-view-orders-1");
        Path others = there("state/eu.annals-view-orders-2");

        LocalState.delete(config(), "annals-view-orders-1");

        assertThat(stores).doesNotExist();
        assertThat(others).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/../../broker", "a/../..", "a/..", "a/../eu.a/0_1", "a/0_1"})
    void nothing_else_is_ever_deleted(String applicationId) throws IOException {
        Path broker = there("broker");
        Path task = there("state/eu.a/0_1");

        assertThatIllegalArgumentException().isThrownBy(() -> LocalState.delete(config(), applicationId));

        assertThat(broker.resolve("file")).exists();
        assertThat(task.resolve("file")).exists();
    }
}
