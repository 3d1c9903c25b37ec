package dev.annals.process;

import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.Settings;
import dev.annals.service.http.HttpServer;
import dev.annals.testsupport.http.RightsTable;
import dev.annals.testsupport.http.TestIssuer;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@WithKafka
@Tag("heavy")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ProcessRightsIT {

    @Test
    void each_route_is_for_who_has_its_right(KafkaCluster kafka, @TempDir Path folder) throws Exception {
        RightsTable table = RightsTable.of("Process service", Map.of("process", "transfers", "id", "a~1"));
        Path policy = Files.writeString(folder.resolve("policy.properties"), table.policy());
        Domains domains = Domains.load();
        try (TestIssuer issuer = new TestIssuer();
                Service service = new Service("process-service")) {
            Map<String, String> settings = new TreeMap<>(issuer.settings(policy));
            settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
            settings.put("kafka.schema.registry.url", kafka.registryUrl());
            settings.put("annals.topics.prefix", kafka.uniqueName("rights") + ".");
            settings.put("annals.topics.partitions", "2");
            settings.put("annals.http.port", "0");
            settings.put("annals.state.dir", folder.resolve("state").toString());
            HttpServer http = ProcessService.start(service, ProcessConfig.of(Settings.of(settings), domains), domains);

            table.check("http://127.0.0.1:" + http.port(), issuer, http.routes());
        }
    }
}
