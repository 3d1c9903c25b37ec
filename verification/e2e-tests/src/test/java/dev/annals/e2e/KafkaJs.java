package dev.annals.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.e2e.Installation.Ran;
import dev.annals.e2e.Installation.Running;
import dev.annals.operations.kafka.KafkaAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * kafkajs with its registry client and its own Avro: what a client outside the JVM sends, and what it reads of the
 * results.
 */
final class KafkaJs {

    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(2);
    private static final Duration SEND_LIMIT = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;

    private KafkaJs(Path folder) {
        this.folder = folder;
    }

    /** Installs the packages of the lock file; the test is skipped where Node or they can't be had. */
    static KafkaJs installed(Path folder) throws IOException, InterruptedException {
        for (String file : new String[] {"package.json", "package-lock.json", "send.js"}) {
            try (InputStream in = KafkaJs.class.getResourceAsStream("/clients/kafkajs/" + file)) {
                Files.copy(Objects.requireNonNull(in, file), folder.resolve(file));
            }
        }
        assumeTrue(runs(folder, "node", "--version"), "skipped: Node is not installed (Debian: nodejs and npm)");
        assumeTrue(
                runs(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
                "skipped: npm can't install kafkajs here");
        return new KafkaJs(folder);
    }

    private static boolean runs(Path folder, String... command) throws InterruptedException {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
            return Running.of(builder, folder).await(INSTALL_LIMIT).exitCode() == 0;
        } catch (IOException e) {
            return false; // There is no such program.
        }
    }

    /**
     * Sends commands and waits for their results.
     *
     * @param commands an array of {@code {type, id, commandId, schema, payload}}
     * @return the results by command id
     */
    Map<String, JsonNode> send(KafkaAccess kafka, JsonNode commands) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        "node", "send.js", kafka.bootstrapServers(), kafka.registryUrl(), commands.toString())
                .directory(folder.toFile());
        Ran ran = Running.of(builder, folder).await(SEND_LIMIT);
        if (ran.exitCode() != 0) {
            throw new AssertionError("kafkajs failed: " + ran);
        }
        Map<String, JsonNode> results = new HashMap<>();
        for (String line : ran.out().lines().toList()) {
            JsonNode result = JSON.readTree(line);
            results.put(result.path("commandId").asText(), result);
        }
        return results;
    }
}
