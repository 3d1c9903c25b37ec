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
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * An installation on a broker that lets nobody do anything without a right: each service, and whoever runs commands, is
 * a principal of its own with a password (SCRAM), and has the rights that {@code annals acls} prints. The tests
 * themselves come through another listener, as the broker's superuser. For one thread.
 */
final class SecuredInstallation implements AutoCloseable {

    static final List<Role> SERVICES = List.of(Role.COMMAND, Role.PROJECTOR, Role.PROCESS, Role.QUERY);

    /** A start, and the 30 s after which a service looks for its rights again, on a machine that is busy. */
    static final Duration READY_LIMIT = Duration.ofMinutes(5);

    /** A credential that has gone is noticed after this at the latest. */
    static final Duration LOGIN_LASTS = Duration.ofSeconds(5);

    private static final int ITERATIONS = 4096;
    private static final JsonMapper JSON = new JsonMapper();

    private static final Map<Role, String> NAMES = Map.of(
            Role.COMMAND, "dev.annals.command.CommandService",
            Role.PROJECTOR, "dev.annals.projector.ProjectorService",
            Role.PROCESS, "dev.annals.process.ProcessService",
            Role.QUERY, "dev.annals.query.QueryService");

    private final Path folder;
    private final String prefix;
    private final Installation commandLine;
    private final BrokerConfig broker;
    private final BrokerProcess brokerProcess;
    private final RegistryProcess registry;
    private final int securedPort = FreePorts.any();
    private final Admin admin;
    private final Map<Role, String> passwords = new EnumMap<>(Role.class);
    private final Map<Role, Running> running = new EnumMap<>(Role.class);
    private final Map<Role, Integer> ports = new EnumMap<>(Role.class);

    /** A service that was started. */
    record Running(Process process, Path log) {}

    SecuredInstallation(Path folder, String prefix) throws Exception {
        this.folder = folder;
        this.prefix = prefix;
        this.commandLine = new Installation(folder);
        this.broker = secured(BrokerConfig.in(folder.resolve("broker")));
        this.brokerProcess = BrokerProcess.start(broker);
        this.registry = RegistryProcess.start(RegistryConfig.in(folder.resolve("registry")));
        this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        SERVICES.forEach(role -> ports.put(role, FreePorts.any()));
        for (Role role : Role.values()) {
            passwords.put(role, UUID.randomUUID().toString());
            giveCredential(role, ScramMechanism.SCRAM_SHA_256, password(role));
        }
    }

    private BrokerConfig secured(BrokerConfig plain) {
        String secured = "SECURED://127.0.0.1:" + securedPort;
        return plain.with(
                        "listeners",
                        "CLIENTS://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d,%s"
                                .formatted(plain.port(), plain.controllerPort(), secured))
                .with("advertised.listeners", "CLIENTS://127.0.0.1:%d,%s".formatted(plain.port(), secured))
                .with("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_PLAINTEXT")
                .with("listener.name.secured.sasl.enabled.mechanisms", "SCRAM-SHA-256,SCRAM-SHA-512")
                .with("listener.name.secured.scram-sha-256.sasl.jaas.config", login(""))
                .with("listener.name.secured.scram-sha-512.sasl.jaas.config", login(""))
                .with("listener.name.secured.connections.max.reauth.ms", Long.toString(LOGIN_LASTS.toMillis()))
                .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("allow.everyone.if.no.acl.found", "false")
                .with("super.users", "User:ANONYMOUS") // who comes through the other listeners
                .withJvmOptions(List.of("-Dannals.broker.authorizer.log=DEBUG", "-XX:TieredStopAtLevel=1"));
    }

    private static String login(String more) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required" + more + ";";
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

    void giveCredential(Role role, ScramMechanism mechanism, String password) throws Exception {
        alter(new UserScramCredentialUpsertion(user(role), new ScramCredentialInfo(mechanism, ITERATIONS), password));
    }

    void takeCredential(Role role, ScramMechanism mechanism) throws Exception {
        alter(new UserScramCredentialDeletion(user(role), mechanism));
    }

    private void alter(UserScramCredentialAlteration change) throws Exception {
        admin.alterUserScramCredentials(List.of(change)).all().get(20, TimeUnit.SECONDS);
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
        return Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + securedPort,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                mechanism.mechanismName(),
                "sasl.jaas.config",
                login(" username=\"%s\" password=\"%s\"".formatted(user(role), password)));
    }

    void start(Role role, String... settings) throws IOException {
        start(role, ScramMechanism.SCRAM_SHA_256, password(role), settings);
    }

    /** @param settings keys and values, beside those of every service */
    void start(Role role, ScramMechanism mechanism, String password, String... settings) throws IOException {
        Properties all = new Properties();
        client(role, mechanism, password).forEach((key, value) -> all.setProperty("kafka." + key, value));
        all.setProperty("kafka.schema.registry.url", registry.url());
        all.setProperty("annals.topics.prefix", prefix);
        all.setProperty("annals.topics.partitions", "1");
        all.setProperty("annals.http.port", ports.get(role).toString());
        all.setProperty("annals.state.dir", folder.resolve(role.code()).toString());
        for (int i = 0; i < settings.length; i += 2) {
            all.setProperty(settings[i], settings[i + 1]);
        }
        Path config = write(role + ".service.properties", all);
        Path log = folder.resolve(role + ".log");
        Process process = new JvmCommand(
                        role.code(),
                        Installation.CURRENT.resolve("lib").toAbsolutePath() + "/*",
                        List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                        NAMES.get(role),
                        List.of("--config", config.toString()),
                        log)
                .start(Lifetime.WITH_PARENT);
        running.put(role, new Running(process, log));
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
        Process process = running.remove(role).process();
        process.destroy();
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).as(role + " ends").isTrue();
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

    /** What {@code /health/ready} says; empty while nothing answers. */
    String readiness(Role role) throws InterruptedException {
        try {
            var answer = commandLine.get(port(role), "/health/ready");
            return answer.statusCode() == 200 ? "ready" : answer.body();
        } catch (IOException notYet) {
            return "";
        }
    }

    void awaitReady(Role role) {
        await(role + " is ready, log in " + folder)
                .atMost(READY_LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(readiness(role)).isEqualTo("ready"));
    }

    int port(Role role) {
        return ports.get(role);
    }

    Installation http() {
        return commandLine;
    }

    /** A command of the command line, as this principal. */
    Ran run(Role role, String... arguments) throws Exception {
        return runIn(prefix, role, arguments);
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
                "127.0.0.1:" + securedPort,
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
        admin.close(Duration.ofSeconds(2));
        registry.kill();
        brokerProcess.kill();
    }
}
