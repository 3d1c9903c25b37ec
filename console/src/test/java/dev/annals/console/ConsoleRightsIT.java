package dev.annals.console;

import dev.annals.testsupport.http.RightsTable;
import dev.annals.testsupport.http.TestIssuer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("heavy")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ConsoleRightsIT {

    @Test
    void each_route_is_for_who_has_its_right(@TempDir Path folder) throws Exception {
        RightsTable table = RightsTable.of(
                "Console",
                Map.of(
                        "type",
                        "accounts",
                        "view",
                        "accounts",
                        "id",
                        "ada",
                        "command",
                        "Deposit",
                        "process",
                        "transfers",
                        "name",
                        "app.css",
                        "service",
                        "query",
                        "path",
                        "v1/views"));
        Path policy = Files.writeString(folder.resolve("policy.properties"), table.policy());
        try (TestIssuer issuer = new TestIssuer();
                RunningConsole console = new RunningConsole(issuer.settings(policy))) {
            table.check(console.url(), issuer, console.http().routes());
        }
    }
}
