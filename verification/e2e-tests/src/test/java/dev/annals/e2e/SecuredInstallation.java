package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.e2e.Installation.Ran;
import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.FreePorts;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.Lifetime;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import dev.annals.operations.acls.Role;
import dev.annals.testsupport.http.TestCertificates;
import dev.annals.testsupport.http.TestIssuer;
import dev.annals.testsupport.kafka.SecuredListener;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Utils;

/**
 * An installation with everything on. Its broker lets nobody do anything without a right: each service, and whoever
 * runs commands, is a principal of its own with a password (SCRAM over TLS), and has the rights that {@code annals
 * acls} prints. Services answer over TLS, to tokens of a provider that have the roles of a policy; there are two
 * instances of those that ask each other, by certificates. The tests themselves come to the broker through another
 * listener, as its superuser, and have what only the provider and the authority know. For one thread.
 */
final class SecuredInstallation implements AutoCloseable {

    static final List<Role> SERVICES = List.of(Role.COMMAND, Role.PROJECTOR, Role.PROCESS, Role.QUERY);

    /** Their instances find what is asked for with one another. */
    private static final Set<Role> ASK_EACH_OTHER = EnumSet.of(Role.COMMAND, Role.QUERY);

    /** A start, and the 30 s after which a service looks for its rights again, on a machine that is busy. */
    static final Duration READY_LIMIT = Duration.ofMinutes(5);

    /** A credential that has gone is noticed after this at the latest. */
    static final Duration LOGIN_LASTS = Duration.ofSeconds(5);

    private static final JsonMapper JSON = new JsonMapper();

    private static final Map<Role, String> NAMES = Map.of(
            Role.COMMAND, "dev.annals.command.CommandService",
            Role.PROJECTOR, "dev.annals.projector.ProjectorService",
            Role.PROCESS, "dev.annals.process.ProcessService",
            Role.QUERY, "dev.annals.query.QueryService");

    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(20);

    /** Who uses it in tests has this role; who runs commands, that of the command line. */
    private static final String USER = "user";

    private final Path folder;
    private final String prefix;
    private final TestCertificates authority = new TestCertificates();
    private final TestIssuer issuer;
    private final Path policy;
    private final Path trusted;
    private final HttpClient http;
    private final Installation commandLine;
    private final SecuredListener listener;
    private final BrokerConfig broker;
    private final BrokerProcess brokerProcess;
    private final RegistryProcess registry;
    private final Admin admin;
    private final Map<Role, String> passwords = new EnumMap<>(Role.class);
    private final Map<Role, Running> running = new EnumMap<>(Role.class);
    private final List<Running> others = new ArrayList<>();
    private final Map<Role, Integer> ports = new EnumMap<>(Role.class);

    /** A service that was started. */
    record Running(Process process, int port, Path log) {}

    SecuredInstallation(Path folder, String prefix) throws Exception {
        this.folder = folder;
        this.prefix = prefix;
        this.issuer = new TestIssuer();
        this.policy = Files.writeString(folder.resolve("policy.properties"), """
                role.user = command:accounts/*, read:accounts, read:transfers
                role.importer = read:*
                role.operator = operate, metrics, read:*
                """);
        this.trusted = authority.writeAuthority(folder.resolve("authority.pem"));
        this.http = HttpClient.newBuilder().sslContext(authority.client(null)).build();
        this.commandLine = new Installation(folder);
        this.listener = new SecuredListener(authority, folder);
        this.broker = listener.of(BrokerConfig.in(folder.resolve("broker")), LOGIN_LASTS)
                .withJvmOptions(List.of("-Dannals.broker.authorizer.log=DEBUG", "-XX:TieredStopAtLevel=1"));
        this.brokerProcess = BrokerProcess.start(broker);
        this.registry = RegistryProcess.start(RegistryConfig.in(folder.resolve("registry")));
        this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        SERVICES.forEach(role -> ports.put(role, FreePorts.any()));
        for (Role role : Role.values()) {
            passwords.put(role, UUID.randomUUID().toString());
            giveCredential(role, ScramMechanism.SCRAM_SHA_256, password(role));
        }
    }

    Admin admin() {
        return admin;
    }

    String password(Role role) {
        return passwords.get(role);
    }

    /** What the broker has let somebody do, and refused. */
    Path brokerLog() {
        return broker.logFile();
    }

    static String user(Role role) {
        return role.defaultPrincipal().substring("User:".length());
    }

    void giveCredential(Role role, ScramMechanism mechanism, String password) {
        SecuredListener.giveCredential(admin, user(role), mechanism, password);
    }

    void takeCredential(Role role, ScramMechanism mechanism) {
        SecuredListener.takeCredential(admin, user(role), mechanism);
    }

    /** The rights that {@code annals acls} prints for an installation whose topics begin so. */
    List<AclBinding> printed(String prefix, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("acls", "--json", "--topics-prefix", prefix));
        arguments.addAll(List.of(options));
        Ran ran = commandLine.run(arguments.toArray(String[]::new));
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        List<AclBinding> acls = new ArrayList<>();
        for (JsonNode each : ran.json()) {
            acls.add(new AclBinding(
                    new ResourcePattern(
                            ResourceType.fromString(each.path("resource").asText()),
                            each.path("name").asText(),
                            PatternType.fromString(each.path("pattern").asText())),
                    new AccessControlEntry(
                            each.path("principal").asText(),
                            each.path("host").asText(),
                            AclOperation.fromString(each.path("operation").asText()),
                            AclPermissionType.ALLOW)));
        }
        return acls;
    }

    /** Makes the topics that {@code annals topics} lists, as an operator would. */
    void makeTopics(String prefix) throws Exception {
        Ran ran = commandLine.run("topics", "--json", "--topics-prefix", prefix);
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        List<NewTopic> topics = new ArrayList<>();
        for (JsonNode each : ran.json()) {
            Map<String, String> config = new HashMap<>();
            each.path("config")
                    .properties()
                    .forEach(
                            entry -> config.put(entry.getKey(), entry.getValue().asText()));
            topics.add(new NewTopic(
                            each.path("name").asText(), each.path("partitions").asInt(), (short) 1)
                    .configs(config));
        }
        admin.createTopics(topics).all().get(60, TimeUnit.SECONDS);
    }

    void give(Collection<AclBinding> rights) throws Exception {
        admin.createAcls(rights).all().get(20, TimeUnit.SECONDS);
    }

    void take(Collection<AclBinding> rights) throws Exception {
        admin.deleteAcls(rights.stream().map(AclBinding::toFilter).toList())
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    /** Settings of a client of this principal. */
    Map<String, String> client(Role role) {
        return client(role, ScramMechanism.SCRAM_SHA_256, password(role));
    }

    private Map<String, String> client(Role role, ScramMechanism mechanism, String password) {
        return listener.client(user(role), mechanism, password);
    }

    void start(Role role, String... settings) throws IOException {
        start(role, ScramMechanism.SCRAM_SHA_256, password(role), settings);
    }

    /** @param settings keys and values, beside those of every service */
    void start(Role role, ScramMechanism mechanism, String password, String... settings) throws IOException {
        Map<String, String> all = new HashMap<>(client(role, mechanism, password));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        running.put(role, launch(role, role.code(), ports.get(role), all));
    }

    /** One more instance of a service that runs already, on a port of its own. */
    Running startAnother(Role role) throws IOException {
        Running another = launch(role, role.code() + "-2", FreePorts.any(), new HashMap<>(client(role)));
        others.add(another);
        return another;
    }

    private Running launch(Role role, String name, int port, Map<String, String> settings) throws IOException {
        Properties all = new Properties();
        all.putAll(issuer.settings(policy));
        all.putAll(authority.httpSettings(folder, name));
        if (ASK_EACH_OTHER.contains(role)) {
            all.putAll(authority.instanceSettings(folder, name));
        }
        all.setProperty("kafka.schema.registry.url", registry.url());
        all.setProperty("annals.topics.prefix", prefix);
        all.setProperty("annals.topics.partitions", "1");
        all.setProperty("annals.http.port", Integer.toString(port));
        all.setProperty("annals.state.dir", folder.resolve(name).toString());
        settings.forEach((key, value) -> all.setProperty(key.startsWith("annals.") ? key : "kafka." + key, value));
        Path config = write(name + ".service.properties", all);
        Path log = folder.resolve(name + ".log");
        Process process = new JvmCommand(
                        name,
                        Installation.CURRENT.resolve("lib").toAbsolutePath() + "/*",
                        List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                        NAMES.get(role),
                        List.of("--config", config.toString()),
                        log)
                .start(Lifetime.WITH_PARENT);
        return new Running(process, port, log);
    }

    private Path write(String name, Properties properties) throws IOException {
        Path file = folder.resolve(name);
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return file;
    }

    /** SIGTERM; returns when it has ended. */
    void stop(Role role) throws Exception {
        stop(running.remove(role));
    }

    void stop(Running instance) throws Exception {
        instance.process().destroy();
        assertThat(instance.process().waitFor(40, TimeUnit.SECONDS))
                .as(instance.log() + " ends")
                .isTrue();
    }

    /** What a service that has stopped has on disk. */
    void dropStores(Role role) throws IOException {
        Utils.delete(folder.resolve(role.code()).toFile());
    }

    /** The exit code of a service that could not start. */
    int end(Role role) throws Exception {
        Process process = running.remove(role).process();
        assertThat(process.waitFor(READY_LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(role + " ends")
                .isTrue();
        return process.exitValue();
    }

    String log(Role role) throws IOException {
        return Files.readString(folder.resolve(role + ".log"));
    }

    /** What {@code /health/ready} says to who may operate; empty while nothing answers. */
    String readiness(Role role) throws InterruptedException {
        return readiness(port(role));
    }

    private String readiness(int port) throws InterruptedException {
        try {
            HttpResponse<String> answer = send(as(Role.OPERATOR.code(), port, "/health/ready"));
            return answer.statusCode() == 200 ? "ready" : answer.body();
        } catch (IOException notYet) {
            return "";
        }
    }

    void awaitReady(Role role) {
        awaitReady(port(role));
    }

    void awaitReady(int port) {
        await("ready, log in " + folder)
                .atMost(READY_LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(readiness(port)).isEqualTo("ready"));
    }

    int port(Role role) {
        return ports.get(role);
    }

    HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return send(as(USER, port, path));
    }

    /** @param headers names and values, beside those that every request has */
    HttpResponse<String> post(int port, String path, String json, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = as(USER, port, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** The first data of a live answer. */
    String firstEvents(int port, String path) throws IOException, InterruptedException {
        HttpRequest request =
                as(USER, port, path).header("Accept", "text/event-stream").build();
        try (Stream<String> lines =
                http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            return lines.filter(line -> line.startsWith("data:")).findFirst().orElse("");
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder as(String role, int port, String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:%d%s".formatted(port, path)))
                .timeout(REQUEST_LIMIT)
                .header("Authorization", "Bearer " + token(role));
    }

    /** Counts for ten minutes. */
    private String token(String role) {
        return issuer.token("a-" + role, claims -> claims.claim("roles", List.of(role)));
    }

    /** A command of the command line, as this principal. */
    Ran run(Role role, String... arguments) throws Exception {
        return runIn(prefix, role, arguments);
    }

    /** Likewise, of one that asks the query service. */
    Ran runWithQueries(Role role, String... arguments) throws Exception {
        Path token = Files.writeString(folder.resolve(role + ".token"), token(role.code()));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--query-url", "https://127.0.0.1:" + port(Role.QUERY)));
        all.addAll(List.of("--token-file", token.toString(), "--cacert", trusted.toString()));
        return run(role, all.toArray(String[]::new));
    }

    /** Likewise, on an installation whose topics begin otherwise. */
    Ran runIn(String otherPrefix, Role role, String... arguments) throws Exception {
        Properties client = new Properties();
        client.putAll(client(role));
        client.remove("bootstrap.servers");
        Path config = write(role + ".client.properties", client);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--bootstrap",
                listener.bootstrapServers(),
                "--registry",
                registry.url(),
                "--topics-prefix",
                otherPrefix));
        all.addAll(List.of("--kafka-config", config.toString()));
        return commandLine.run(all.toArray(String[]::new));
    }

    JsonNode json(String body) throws IOException {
        return JSON.readTree(body);
    }

    @Override
    public void close() {
        running.values().forEach(each -> each.process().destroyForcibly());
        others.forEach(each -> each.process().destroyForcibly());
        http.shutdownNow();
        issuer.close();
        admin.close(Duration.ofSeconds(2));
        registry.kill();
        brokerProcess.kill();
    }
}
