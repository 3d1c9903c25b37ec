package dev.annals.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.e2e.Installation.Ran;
import dev.annals.e2e.wallets.WalletsDomain;
import dev.annals.engine.kafka.EventKey;
import dev.annals.testsupport.kafka.CommittedRecords;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/**
 * An installation with the domain {@link WalletsDomain}, and a broker whose cleaner comes when it is wanted. For one
 * thread.
 */
final class WalletsInstallation {

    static final String TOPIC = "wallets.events";

    /** In {@link #records}, behind a key that has a tombstone. */
    static final String GONE = " gone";

    private static final JsonMapper JSON = new JsonMapper();

    private final Installation installation;

    /** How often something was put into each wallet. */
    private final Map<String, Long> puts = new LinkedHashMap<>();

    private WalletsInstallation(Installation installation) {
        this.installation = installation;
    }

    static WalletsInstallation up(Path folder, Map<String, String> settings) throws Exception {
        WalletsInstallation wallets = new WalletsInstallation(new Installation(folder));
        wallets.installation.configure(settings);
        wallets.install(1);
        Ran up = wallets.installation.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();
        wallets.set(new ConfigResource(ConfigResource.Type.BROKER, ""), "log.cleaner.backoff.ms", "200");
        return wallets;
    }

    Ran run(String... arguments) throws Exception {
        return installation.run(arguments);
    }

    HttpResponse<String> get(String path) throws Exception {
        return installation.get(path);
    }

    void stop() throws Exception {
        installation.stop();
    }

    /** Lets the cleaner come by all that is written, at once. */
    void cleanAtOnce() throws Exception {
        set("min.cleanable.dirty.ratio", "0", "min.compaction.lag.ms", "0", "segment.ms", "100");
    }

    /**
     * Puts 1 in the first time, 2 the second, and so on: which is the version of the event if nobody else writes.
     *
     * @return the version
     */
    long put(String wallet) throws Exception {
        long version = puts.merge(wallet, 1L, Long::sum);
        HttpResponse<String> answer = installation.post(
                "/v1/wallets/" + wallet + "/Put",
                "{\"holder\":\"h-%d\",\"amount\":%d}".formatted(wallet.hashCode() & 3, version));
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        return JSON.readTree(answer.body()).path("version").asLong();
    }

    /** What was put in so far. */
    long sum(String wallet) {
        long times = puts.getOrDefault(wallet, 0L);
        return times * (times + 1) / 2;
    }

    /** A segment is closed by the next record after its time, which must come to every partition. */
    void rollSegments() throws Exception {
        for (int wallet = 0; wallet < 20; wallet++) {
            put("roll-" + wallet);
        }
    }

    void erase(Collection<EventKey> events) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("erase", "--reason", "a test", "--yes"));
        events.forEach(each -> arguments.add("wallets/%s/%d".formatted(each.aggregateId(), each.version())));
        Ran erased = run(arguments.toArray(String[]::new));
        assertThat(erased.exitCode()).as(erased.toString()).isZero();
    }

    /** What is in the log, by its place. */
    Map<String, String> records() {
        Map<String, String> byPlace = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> each :
                CommittedRecords.toEnd(installation.kafka().bootstrapServers(), TOPIC)) {
            String content = each.value() == null ? GONE : "=" + Arrays.hashCode(each.value());
            byPlace.put(
                    new TopicPartition(TOPIC, each.partition()) + "@" + each.offset(),
                    new String(each.key(), UTF_8) + content);
        }
        return byPlace;
    }

    /** Changes the topic of the events. */
    void set(String... keysAndValues) throws Exception {
        set(topic(), keysAndValues);
    }

    private static ConfigResource topic() {
        return new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
    }

    private void set(ConfigResource what, String... keysAndValues) throws Exception {
        List<AlterConfigOp> changes = new ArrayList<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            changes.add(new AlterConfigOp(
                    new ConfigEntry(keysAndValues[i], keysAndValues[i + 1]), AlterConfigOp.OpType.SET));
        }
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", installation.kafka().bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(what, changes)).all().get();
        }
    }

    void restartAs(int release) throws Exception {
        assertThat(installation.run("down").exitCode()).isZero();
        install(release);
        Ran up = installation.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();
    }

    /** The domain as a jar, as somebody would drop it in. */
    private void install(int release) throws IOException {
        Path folder = Files.createDirectories(installation.data().resolve("domains"));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve("wallets.jar")))) {
            entry(jar, WalletsDomain.RELEASE, Integer.toString(release).getBytes(UTF_8));
            entry(
                    jar,
                    "META-INF/services/dev.annals.api.Domain",
                    WalletsDomain.class.getName().getBytes(UTF_8));
            Path built = built();
            for (String part : List.of("avro", "dev/annals/e2e/wallets")) {
                try (Stream<Path> files = Files.walk(built.resolve(part))) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        entry(jar, built.relativize(file).toString(), Files.readAllBytes(file));
                    }
                }
            }
        }
    }

    private static Path built() {
        return Path.of(
                Objects.requireNonNull(WalletsDomain.class.getProtectionDomain().getCodeSource())
                        .getLocation()
                        .getPath());
    }

    private static void entry(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }

    Ran verified(String name) throws Exception {
        return installation.run("verify", name, "--json", "--differences", "100", "--settle", "20");
    }

    JsonNode history(String wallet) throws Exception {
        return JSON.readTree(
                        installation.get("/v1/wallets/" + wallet + "/events").body())
                .path("items");
    }

    long sumAt(String wallet, long version) throws Exception {
        HttpResponse<String> answer = installation.get(
                "/v1/wallets/%s/state?version=%d&min_version=%d&timeout=10".formatted(wallet, version, version));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).at("/state/sum").asLong();
    }

    JsonNode view(String name) throws Exception {
        for (JsonNode view : JSON.readTree(installation.get("/v1/views").body()).path("items")) {
            if (view.path("name").asText().equals(name)) {
                return view;
            }
        }
        throw new AssertionError("there is no view " + name);
    }
}
