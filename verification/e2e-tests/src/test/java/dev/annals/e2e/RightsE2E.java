package dev.annals.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.e2e.Installation.Ran;
import dev.annals.e2e.SecuredInstallation.Running;
import dev.annals.operations.acls.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * With everything on (rights, passwords and TLS of Kafka; tokens, roles and TLS over HTTP; instances that know each
 * other by certificates): the rights that {@code annals acls} prints are enough, none is too many, and each is named
 * where it is missing. The tests follow each other.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RightsE2E {

    private static final String PREFIX = "shop.";
    private static final String COPY = "copy.";
    private static final String NEW_PASSWORD = "a-password-that-came-later";

    /** Of types, views and processes; those that begin like another one first. */
    private static final List<String> NAMES = List.of(
            "flight-identities",
            "airport-flights",
            "customer-orders",
            "country-sales",
            "flight-intake",
            "reservations",
            "transfers",
            "accounts",
            "flights",
            "claims",
            "orders",
            "seats");

    /**
     * Commands that wait while a backup is made; a journal that a store is made of, where Kafka Streams has no log of
     * it; inputs that can't be read, which nobody may write who can't be trusted.
     */
    private static final Set<String> HARD_TO_SEE = Set.of(
            "User:annals-operator READ on topic shop.<name>.commands",
            "User:annals-process READ on topic shop.<name>.journal",
            "User:annals-process WRITE on topic shop.<name>.dead-letters");

    private static final long SEED = Long.getLong("annals.seed", 20261201);

    /** A round of looking is 30 s, and takes its time on a machine that is busy. */
    private static final Duration TOLD_WITHIN = Duration.ofMinutes(3);

    private static final Duration SEEN_WITHIN = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(250);

    private static final Pattern ALLOWED = Pattern.compile(
            "Principal = (\\S+) is Allowed operation = (\\S+) from host = \\S+ on resource = (\\w+):LITERAL:(\\S+) for");

    private static SecuredInstallation annals;
    private static List<AclBinding> rights;

    @BeforeAll
    static void it_runs_with_the_rights_that_are_printed(@TempDir Path folder) throws Exception {
        annals = new SecuredInstallation(folder, PREFIX);
        rights = annals.printed(PREFIX);
        annals.give(rights);
        for (Role role : SecuredInstallation.SERVICES) {
            annals.start(role);
        }
        SecuredInstallation.SERVICES.forEach(annals::awaitReady);
    }

    @AfterAll
    static void everything_stops() {
        annals.close();
    }

    @Test
    @Order(1)
    @Tag("heavy")
    void they_are_enough_for_commands_rows_pages_live_events_and_processes() throws Exception {
        post("ada/OpenAccount", "{\"owner\":\"Ada\",\"currency\":\"EUR\"}");
        post("bob/OpenAccount", "{\"owner\":\"Bob\",\"currency\":\"EUR\"}");
        post("ada/Deposit", "{\"amount\":\"100\"}");
        post("ada/SendTransfer", "{\"to\":\"bob\",\"amount\":\"40\"}");

        await().atMost(SEEN_WITHIN)
                .untilAsserted(
                        () -> assertThat(get("/v1/accounts/bob").path("balance").asText())
                                .isEqualTo("40"));
        await().atMost(SEEN_WITHIN)
                .untilAsserted(() -> assertThat(get("/v1/processes/transfers/ada~1")
                                .path("status")
                                .asText())
                        .isEqualToIgnoringCase("ended"));
        assertThat(get("/v1/accounts?limit=10").path("items")).hasSize(2);
        assertThat(get("/v1/accounts/ada/events").path("items")).hasSizeGreaterThan(2);
        assertThat(live("/v1/accounts/ada/events")).contains("AccountOpened");
        assertThat(live("/v1/accounts?from=first")).contains("Ada");
        post("ada/Deposit", "{\"amount\":\"1\"}", "Prefer", "respond-async"); // which goes through the topic
    }

    private static void post(String path, String body, String... headers) throws Exception {
        var answer = annals.post(annals.port(Role.COMMAND), "/v1/accounts/" + path, body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    }

    private static JsonNode get(String path) throws Exception {
        var answer = annals.get(annals.port(Role.QUERY), path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return annals.json(answer.body());
    }

    private static String live(String path) throws Exception {
        return annals.firstEvents(annals.port(Role.QUERY), path);
    }

    @Test
    @Order(2)
    @Tag("heavy")
    void they_are_enough_for_an_import_and_a_reader_of_rows(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("orders.csv"), """
                InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
                536365,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
                536370,22728,ALARM CLOCK,24,2010-12-01 08:45:00,3.75,12583.0,France
                """);
        Ran imported = annals.runWithQueries(Role.IMPORTER, "import", "online-retail", file.toString());
        assertThat(imported.exitCode()).as(imported.toString()).isZero();

        try (KafkaConsumer<byte[], byte[]> reader = reader()) {
            reader.subscribe(List.of(PREFIX + "accounts.view.1"));
            await().atMost(SEEN_WITHIN).until(() -> !reader.poll(POLL).isEmpty());
            reader.commitSync();
        }
    }

    private static KafkaConsumer<byte[], byte[]> reader() {
        Map<String, Object> settings = new HashMap<>(annals.client(Role.READER));
        settings.put("group.id", PREFIX + "annals-reader");
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Test
    @Order(3)
    @Tag("heavy")
    void they_are_enough_for_who_runs_commands() throws Exception {
        operate("replay", "accounts", "--wait", "120");
        operate("replay", "accounts", "--drop-old");
        verify("accounts");
        verify("transfers");
        operate("doctor");
    }

    private static void verify(String name) throws Exception {
        Ran ran = annals.runWithQueries(Role.OPERATOR, "verify", name);
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
    }

    private static Ran operate(String... arguments) throws Exception {
        Ran ran = annals.run(Role.OPERATOR, arguments);
        assertThat(ran.exitCode()).as(List.of(arguments) + " " + ran).isZero();
        return ran;
    }

    /** There is one partition of everything, so one of two instances has to ask the other. */
    @Test
    @Order(4)
    @Tag("heavy")
    void instances_that_know_each_other_by_certificates_answer_for_one_another() throws Exception {
        Running command = annals.startAnother(Role.COMMAND);
        Running query = annals.startAnother(Role.QUERY);
        try {
            annals.awaitReady(command.port());
            annals.awaitReady(query.port());
            for (int port : List.of(annals.port(Role.COMMAND), command.port())) {
                var paid = annals.post(port, "/v1/accounts/ada/Deposit", "{\"amount\":\"1\"}");
                assertThat(paid.statusCode()).as(paid.body()).isEqualTo(200);
                for (int asked : List.of(annals.port(Role.QUERY), query.port())) {
                    var row = annals.get(
                            asked,
                            "/v1/accounts/ada?min_version=%s&timeout=30"
                                    .formatted(annals.json(paid.body())
                                            .path("version")
                                            .asText()));
                    assertThat(row.statusCode()).as(row.body()).isEqualTo(200);
                }
            }
        } finally {
            annals.stop(command);
            annals.stop(query);
        }
        annals.awaitReady(Role.COMMAND);
        annals.awaitReady(Role.QUERY);
    }

    /** What happens seldom: dead letters, an erasure, a backup and its restoring, stores that are made anew. */
    @Test
    @Order(5)
    @Tag("long")
    void they_are_enough_for_what_happens_seldom(@TempDir Path folder) throws Exception {
        try (KafkaProducer<byte[], byte[]> sender = sender()) {
            sender.send(unreadable("accounts.commands")).get();
        }
        for (Role role : List.of(Role.COMMAND, Role.PROCESS)) { // what is read of logs where there are no stores
            annals.stop(role);
            annals.dropStores(role);
            annals.start(role);
            annals.awaitReady(role);
        }
        await().atMost(SEEN_WITHIN)
                .untilAsserted(() ->
                        assertThat(operate("dead-letters", "accounts").out()).contains("unreadable"));
        Ran again = annals.run(Role.OPERATOR, "dead-letters", "accounts", "--send-again", "0:0", "--wait", "30");
        assertThat(again.out() + again.err()).contains("unreadable"); // as it was
        operate("erase", "accounts/bob/1", "--reason", "a test", "--yes");
        operate("backup", folder.resolve("backup").toString());

        annals.give(annals.printed(COPY, "--role", "operator"));
        Ran restored = annals.runIn(
                COPY, Role.OPERATOR, "restore", folder.resolve("backup").toString());
        assertThat(restored.exitCode()).as(restored.toString()).isZero();
    }

    private static ProducerRecord<byte[], byte[]> unreadable(String topic) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(PREFIX + topic, "eve".getBytes(UTF_8), new byte[] {1});
        record.headers().add("ce_id", "unreadable-1".getBytes(UTF_8)); // so that its result is waited for
        return record;
    }

    private static KafkaProducer<byte[], byte[]> sender() {
        return new KafkaProducer<>(
                new HashMap<>(annals.client(Role.IMPORTER)), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * As the broker has noted it; a right that brings another one with it has to be used itself. What holds for a type,
     * a view or a process holds for all of them.
     */
    @Test
    @Order(6)
    @Tag("long")
    void each_of_them_is_used() throws Exception {
        Set<List<String>> used = new HashSet<>();
        try (Stream<String> lines = Files.lines(annals.brokerLog())) {
            lines.filter(line -> line.contains("is Allowed operation")).forEach(line -> {
                Matcher found = ALLOWED.matcher(line);
                if (found.find()) {
                    used.add(List.of(
                            found.group(1),
                            AclOperation.fromString(words(found.group(2))).toString(),
                            ResourceType.fromString(words(found.group(3))).toString(),
                            found.group(4).replaceFirst("^" + Pattern.quote(COPY), PREFIX)));
                }
            });
        }
        Set<String> usedKinds = rights.stream()
                .filter(right -> used.stream().anyMatch(each -> isUse(right, each)))
                .map(RightsE2E::kind)
                .collect(Collectors.toSet());
        assertThat(rights.stream()
                        .map(RightsE2E::kind)
                        .filter(kind -> !usedKinds.contains(kind) && !HARD_TO_SEE.contains(kind)))
                .isEmpty();
    }

    /** The same for all types, views and processes. */
    private static String kind(AclBinding right) {
        return text(right).replaceAll("(?<=[ .-])(" + String.join("|", NAMES) + ")(?=[.-]| |$)", "<name>");
    }

    /** {@code DescribeConfigs}, {@code TransactionalId} as Kafka's constants are called. */
    private static String words(String camel) {
        return camel.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    private static boolean isUse(AclBinding right, List<String> used) {
        return right.entry().principal().equals(used.get(0))
                && right.entry().operation().toString().equals(used.get(1))
                && right.pattern().resourceType().toString().equals(used.get(2))
                && (right.pattern().patternType() == PatternType.PREFIXED
                        ? used.get(3).startsWith(right.pattern().name())
                        : used.get(3).equals(right.pattern().name()));
    }

    private static String text(AclBinding right) {
        return "%s %s".formatted(right.entry().principal(), right(right));
    }

    /** As services say it. */
    private static String right(AclBinding right) {
        ResourcePattern at = right.pattern();
        String kind = at.resourceType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return at.patternType() == PatternType.PREFIXED
                ? "%s on %ss %s*".formatted(right.entry().operation(), kind, at.name())
                : "%s on %s %s".formatted(right.entry().operation(), kind, at.name());
    }

    @Test
    @Order(7)
    @Tag("long")
    void what_is_taken_from_a_running_service_is_named_until_it_is_given_back() throws Exception {
        for (List<AclBinding> taken : waves(SecuredInstallation.SERVICES)) {
            annals.take(taken);
            try {
                for (Role role : SecuredInstallation.SERVICES) {
                    List<String> named = named(role, taken);
                    await(role.code())
                            .atMost(TOLD_WITHIN)
                            .pollInterval(POLL)
                            .untilAsserted(() -> assertThat(named)
                                    .allSatisfy(each ->
                                            assertThat(annals.readiness(role)).contains(each)));
                }
            } finally {
                annals.give(taken);
            }
            SecuredInstallation.SERVICES.forEach(annals::awaitReady);
        }
        post("ada/Deposit", "{\"amount\":\"1\"}");
    }

    private static List<String> named(Role role, List<AclBinding> taken) {
        return of(role, taken).map(right -> "may not " + right(right)).toList();
    }

    private static Stream<AclBinding> of(Role role, List<AclBinding> some) {
        return some.stream().filter(right -> right.entry().principal().equals(role.defaultPrincipal()));
    }

    /**
     * All rights, in groups that are taken at the same time: at most one at a resource, so that none hides another. One
     * to make a topic is missed at a start alone.
     */
    private static List<List<AclBinding>> waves(List<Role> roles) {
        List<AclBinding> left = new ArrayList<>(roles.stream()
                .flatMap(role -> of(role, rights))
                .filter(right -> right.entry().operation() != AclOperation.CREATE)
                .toList());
        Collections.shuffle(left, new Random(SEED));
        List<List<AclBinding>> waves = new ArrayList<>();
        while (!left.isEmpty()) {
            Set<String> resources = new HashSet<>();
            List<AclBinding> wave = left.stream()
                    .filter(right -> resources.add(right.entry().principal() + right.pattern()))
                    .toList();
            left.removeAll(wave);
            waves.add(wave);
        }
        return waves;
    }

    @Test
    @Order(8)
    @Tag("long")
    void what_is_taken_from_who_runs_commands_is_named() throws Exception {
        for (List<AclBinding> taken : waves(List.of(Role.OPERATOR))) {
            annals.take(taken);
            try {
                Ran doctor = annals.run(Role.OPERATOR, "doctor");
                assertThat(doctor.exitCode()).as(doctor.toString()).isEqualTo(1);
                // Under its own names, nothing is there when it asks; its steps say what they may not do.
                assertThat(taken)
                        .filteredOn(right -> !right.pattern().name().contains("annals-doctor-"))
                        .allSatisfy(right -> assertThat(doctor.out()).contains(right(right)));
            } finally {
                annals.give(taken);
            }
        }
        List<AclBinding> events = right(Role.OPERATOR, "READ on topic shop.orders.events");
        annals.take(events);
        Ran verified = annals.runWithQueries(Role.OPERATOR, "verify", "accounts");
        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.err()).contains("may not READ on topic shop.orders.events");
        annals.give(events);

        List<AclBinding> erasing = right(Role.OPERATOR, "WRITE on topic shop.accounts.events");
        annals.take(erasing);
        Ran erased = annals.run(Role.OPERATOR, "erase", "accounts/ada/2", "--reason", "a test", "--yes");
        assertThat(erased.exitCode()).as(erased.toString()).isEqualTo(1);
        assertThat(erased.err()).contains("may not WRITE on topic shop.accounts.events");
        annals.give(erasing);
    }

    private static List<AclBinding> right(Role role, String text) {
        List<AclBinding> found =
                of(role, rights).filter(right -> right(right).equals(text)).toList();
        assertThat(found).as(text).hasSize(1);
        return found;
    }

    /** The client outside of Annals says itself what it is refused. */
    @Test
    @Order(9)
    @Tag("long")
    void a_reader_reads_rows_and_no_events() {
        try (KafkaConsumer<byte[], byte[]> reader = reader()) {
            reader.subscribe(List.of(PREFIX + "accounts.events"));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            reader.poll(POLL);
                        }
                    })
                    .isInstanceOf(TopicAuthorizationException.class)
                    .hasMessageContaining("accounts.events");
        }
    }

    @Test
    @Order(10)
    @Tag("long")
    void a_credential_that_is_taken_away_is_told_until_it_is_given_back() throws Exception {
        annals.takeCredential(Role.COMMAND, ScramMechanism.SCRAM_SHA_256);
        await().atMost(TOLD_WITHIN)
                .pollInterval(POLL)
                .untilAsserted(() -> assertThat(annals.readiness(Role.COMMAND))
                        .contains("Kafka does not answer", "SaslAuthenticationException"));

        annals.giveCredential(Role.COMMAND, ScramMechanism.SCRAM_SHA_256, annals.password(Role.COMMAND));
        annals.awaitReady(Role.COMMAND);
        await().atMost(SEEN_WITHIN) // a producer waits a little before it connects again
                .untilAsserted(() -> post("ada/Deposit", "{\"amount\":\"1\"}"));
    }

    /** The old one goes when nobody comes with it any more. */
    @Test
    @Order(11)
    @Tag("long")
    void a_new_password_is_good_before_the_old_one_is_not() throws Exception {
        annals.giveCredential(Role.QUERY, ScramMechanism.SCRAM_SHA_512, NEW_PASSWORD);
        annals.stop(Role.QUERY);
        annals.start(Role.QUERY, ScramMechanism.SCRAM_SHA_512, NEW_PASSWORD);
        annals.takeCredential(Role.QUERY, ScramMechanism.SCRAM_SHA_256);

        annals.awaitReady(Role.QUERY);
        assertThat(get("/v1/accounts/ada").path("owner").asText()).isEqualTo("Ada");
        annals.giveCredential(Role.QUERY, ScramMechanism.SCRAM_SHA_256, annals.password(Role.QUERY));
    }

    @Test
    @Order(12)
    @Tag("long")
    void no_log_has_a_password() throws Exception {
        for (Role role : SecuredInstallation.SERVICES) {
            assertThat(annals.log(role)).doesNotContain(annals.password(role), NEW_PASSWORD);
        }
    }

    /** A right to make topics is missed where there are none. */
    @Test
    @Order(13)
    @Tag("long")
    void a_service_that_may_make_nothing_names_all_that_it_would_make_and_does_not_start() throws Exception {
        for (Role role : SecuredInstallation.SERVICES) {
            annals.stop(role);
            String prefix = role + "-first.";
            List<AclBinding> all = annals.printed(prefix, "--role", role.code());
            List<AclBinding> toMake = all.stream()
                    .filter(right -> right.entry().operation() == AclOperation.CREATE)
                    .toList();
            annals.give(all);
            annals.take(toMake);
            annals.start(role, "annals.topics.prefix", prefix);
            assertThat(annals.end(role)).isEqualTo(1);
            assertThat(annals.log(role)).contains(named(role, toMake));
        }
    }

    @Test
    @Order(14)
    @Tag("long")
    void where_topics_exist_none_of_them_is_needed() throws Exception {
        String prefix = "made.";
        annals.makeTopics(prefix);
        annals.give(annals.printed(prefix, "--topics-exist"));
        for (Role role : SecuredInstallation.SERVICES) {
            annals.start(role, "annals.topics.prefix", prefix, "annals.topics.create", "false");
        }
        SecuredInstallation.SERVICES.forEach(annals::awaitReady);
    }
}
