package dev.annals.command;

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
class CommandRightsIT {

    @Test
    void each_route_is_for_who_has_its_right(KafkaCluster kafka, @TempDir Path folder) throws Exception {
        RightsTable table = RightsTable.of(
                "Command service",
                Map.ofEntries(
                        Map.entry("type", "orders"),
                        Map.entry("id", "a"),
                        Map.entry("command", "ShipOrder"),
                        Map.entry("creates", "PlaceOrder"),
                        Map.entry("replaces", "ChangeOrderLines"),
                        Map.entry("deletes", "CancelOrder"),
                        Map.entry("more", "b"),
                        Map.entry("rest", "c"),
                        Map.entry("commandId", "d"),
                        Map.entry("position", "0:0")));
        Path policy = Files.writeString(folder.resolve("policy.properties"), table.policy());
        try (TestIssuer issuer = new TestIssuer();
                Instance instance = Instance.start(
                        kafka, kafka.uniqueName("rights") + ".", folder.resolve("state"), issuer.settings(policy))) {
            instance.awaitReady();

            table.check(instance.url(), issuer, instance.routes());
        }
    }
}
