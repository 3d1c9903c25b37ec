package dev.annals.projector;

import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.http.HttpServer;
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
class ProjectorRightsIT {

    @Test
    void each_route_is_for_who_has_its_right(KafkaCluster kafka, @TempDir Path folder) throws Exception {
        RightsTable table = RightsTable.of("Projector service", Map.of("view", "orders"));
        Path policy = Files.writeString(folder.resolve("policy.properties"), table.policy());
        try (TestIssuer issuer = new TestIssuer();
                Service service = new Service("projector-service")) {
            HttpServer http =
                    Installation.of(kafka, folder, Domains.load()).start(service, "one", issuer.settings(policy));

            table.check("http://127.0.0.1:" + http.port(), issuer, http.routes());
        }
    }
}
