package dev.annals.query;

import dev.annals.testsupport.http.RightsTable;
import dev.annals.testsupport.http.TestIssuer;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@WithKafka
@Tag("heavy")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class QueryRightsIT {

    @Test
    void each_route_is_for_who_has_its_right(KafkaCluster kafka, @TempDir Path folder) throws Exception {
        RightsTable table = RightsTable.of(
                "Query service",
                Map.of("view", "accounts", "type", "accounts", "process", "transfers", "id", "a", "key", "a"));
        Path policy = Files.writeString(folder.resolve("policy.properties"), table.policy());
        try (TestIssuer issuer = new TestIssuer();
                Installation installation = new Installation(kafka)) {
            Instance instance = installation.start(folder.resolve("state"), issuer.settings(policy));
            installation.awaitReady();

            table.check(
                    "http://127.0.0.1:" + instance.port(),
                    issuer,
                    instance.http().routes());
        }
    }
}
