package dev.annals.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.engine.kafka.EventKey;
import dev.annals.service.Service;
import dev.annals.service.http.HttpServer;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process on a real broker: what reaches it, and what an operator can do. */
@WithKafka(registry = true)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ProcessesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final KafkaCluster kafka;

    @TempDir
    private Path folder;

    ProcessesIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void accepted_rejected_and_failed_answers_come_back_and_a_bug_parks_its_instance_alone() throws IOException {
        try (Bank bank = new Bank(kafka, folder).decides();
                Service service = new Service("processes")) {
            HttpServer http = bank.start(service, "one");
            await().atMost(LIMIT).until(() -> Bank.isReady(http.port()));
            bank.send("a", new OpenAccount("Ann", "EUR", null));
            bank.send("b", new OpenAccount("Ben", "EUR", null));
            bank.send("a", deposit("10", "sweep:b"));
            bank.send("a", deposit("5", "sweep:nobody"));
            bank.send("a", deposit("1", "large"));
            bank.send("a", deposit("2", "bug"));
            bank.send("b", deposit("3", "sweep:a"));
            bank.flush();

            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(answersOf(bank, "a~2")).isEqualTo("ACCEPTED, ACCEPTED");
                assertThat(answersOf(bank, "a~3")).isEqualTo("ACCEPTED, REJECTED account-not-found, ACCEPTED");
                assertThat(answersOf(bank, "a~4")).isEqualTo("FAILED too-large");
                assertThat(last(bank, "a~5").get("failure").toString()).contains("a bug, as it was ordered");
                assertThat(answersOf(bank, "b~2")).isEqualTo("ACCEPTED, ACCEPTED");
            });
            assertThat(Bank.isReady(http.port()))
                    .as("one that is parked holds up nobody")
                    .isTrue();
            assertThat(Bank.request(http.port(), "GET", "/v1/processes", "").body())
                    .contains("\"name\":\"sweeps\"", "\"state\":\"RUNNING\"", "\"parkedHere\":1");
            assertThat(Bank.request(http.port(), "GET", "/metrics", "").body())
                    .containsPattern("annals_process_parked\\{process=\"sweeps\"[^}]*} 1\\.0");

            assertThat(skip(http, "{\"reason\": \"a known bug\"}")).isEqualTo(202);
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(last(bank, "a~5").get("skipped")).hasToString("a known bug"));
        }
    }

    @Test
    void an_operator_who_errs_is_told_so() throws IOException {
        try (Bank bank = new Bank(kafka, folder).decides();
                Service service = new Service("processes")) {
            HttpServer http = bank.start(service, "one");
            await().atMost(LIMIT).until(() -> Bank.isReady(http.port()));

            assertThat(Bank.request(http.port(), "POST", "/v1/processes/sweps/a~5/retry", "")
                            .body())
                    .contains("no process 'sweps'; there are [sweeps]");
            assertThat(Bank.request(http.port(), "POST", "/v1/processes/sweeps/a~5/retry", "")
                            .statusCode())
                    .isEqualTo(202);
            assertThat(Bank.request(http.port(), "POST", "/v1/processes/sweeps/a%20b/retry", "")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(skip(http, "{\"reason\": \" \"}")).isEqualTo(400);
            assertThat(skip(http, "{}")).isEqualTo(400);
            assertThat(skip(http, "[")).isEqualTo(400);
            assertThat(bank.journal()).isEmpty();
        }
    }

    /** A second start finds what the first one has recorded. */
    @Test
    void a_process_that_begins_leaves_alone_what_was_before_it() {
        try (Bank bank = new Bank(kafka, folder).decides()) {
            bank.send("a", new OpenAccount("Ann", "EUR", null));
            bank.send("a", deposit("10", "sweep:a"));
            bank.flush();
            await().atMost(LIMIT).until(() -> bank.events().size() == 2);
            try (Service service = new Service("processes")) {
                HttpServer http = bank.start(service, "one");
                await().atMost(LIMIT).until(() -> Bank.isReady(http.port()));
            }
            bank.send("a", deposit("20", "sweep:a"));
            bank.flush();
            await().atMost(LIMIT).until(() -> bank.events().size() == 3);
            try (Service service = new Service("processes")) {
                bank.start(service, "another");
                await().atMost(LIMIT).until(() -> "ACCEPTED, ACCEPTED".equals(answersOf(bank, "a~3")));
            }
            assertThat(bank.journal().keySet()).allMatch(key -> key.startsWith("a~3/"));
        }
    }

    /** As somebody does who takes a process for a view. */
    @Tag("heavy")
    @Test
    void a_process_whose_offsets_are_reset_does_nothing_again() throws ExecutionException, InterruptedException {
        try (Bank bank = new Bank(kafka, folder).decides()) {
            try (Service service = new Service("processes")) {
                HttpServer http = bank.start(service, "one");
                await().atMost(LIMIT).until(() -> Bank.isReady(http.port()));
                bank.send("a", new OpenAccount("Ann", "EUR", null));
                bank.send("a", deposit("10", "sweep:a"));
                bank.send("a", deposit("5", "sweep:nobody"));
                bank.send("a", deposit("1", "plain"));
                bank.flush();
                await().atMost(LIMIT)
                        .until(() -> "ACCEPTED, ACCEPTED".equals(answersOf(bank, "a~2"))
                                && answersOf(bank, "a~3").endsWith(", ACCEPTED"));
            }
            int commands = bank.commands().size();
            int entries = bank.journal().size();
            bank.resetOffsets();
            try (Service service = new Service("processes")) {
                bank.start(service, "one");
                bank.send("a", deposit("20", "sweep:a")); // told after all that was before it
                bank.flush();
                await().atMost(LIMIT)
                        .until(() -> bank.journal().keySet().stream()
                                .anyMatch(key -> key.endsWith("/" + EventKey.digits(3))
                                        && !key.startsWith("a~2/")
                                        && !key.startsWith("a~3/")));
            }
            assertThat(bank.commands()).hasSize(commands + 3);
            assertThat(bank.journal()).hasSize(entries + 3);
        }
    }

    @Tag("heavy")
    @Test
    void an_alarm_rings_once_and_not_before_its_time() {
        try (Bank bank = new Bank(kafka, folder).decides()) {
            bank.send("a", new OpenAccount("Ann", "EUR", null));
            try (Service service = new Service("processes")) {
                HttpServer http = bank.start(service, "one");
                await().atMost(LIMIT).until(() -> Bank.isReady(http.port()));
                bank.send("a", deposit("1", "alarm:3000"));
                bank.send("a", deposit("1", "alarm:6000"));
                bank.flush();
                await().atMost(LIMIT).until(() -> rang(bank).size() == 1);
            }
            // Due while nobody is there.
            await().pollDelay(Duration.ofSeconds(4))
                    .atMost(LIMIT)
                    .until(() -> rang(bank).size() == 1);
            try (Service service = new Service("processes")) {
                HttpServer http = bank.start(service, "another");
                await().atMost(LIMIT).until(() -> Bank.isReady(http.port()));
                await().atMost(Duration.ofSeconds(2)).until(() -> rang(bank).size() == 2);
            }
            List<Bank.Booked> set = bank.events().stream()
                    .filter(each -> each.event() instanceof MoneyDeposited deposited
                            && String.valueOf(deposited.reference()).startsWith("alarm:"))
                    .toList();
            assertThat(rang(bank).getFirst().written())
                    .isAfterOrEqualTo(set.getFirst().written().plusMillis(2_900));
            assertThat(rang(bank)).hasSize(2);
        }
    }

    private static List<Bank.Booked> rang(Bank bank) {
        return bank.events().stream()
                .filter(each ->
                        each.event() instanceof MoneyDeposited deposited && "rang".equals(deposited.reference()))
                .toList();
    }

    private static Deposit deposit(String amount, String reference) {
        return new Deposit(new BigDecimal(amount), null, reference);
    }

    private static int skip(HttpServer http, String json) throws IOException {
        return Bank.request(http.port(), "POST", "/v1/processes/sweeps/a~5/skip", json)
                .statusCode();
    }

    private static GenericRecord last(Bank bank, String instance) {
        return entries(bank, instance).getLast();
    }

    private static List<GenericRecord> entries(Bank bank, String instance) {
        return bank.journal().entrySet().stream()
                .filter(each -> each.getKey().startsWith(instance + "/"))
                .map(each -> each.getValue())
                .toList();
    }

    private static String answersOf(Bank bank, String instance) {
        List<String> answers = entries(bank, instance).stream()
                .map(entry -> (GenericRecord) entry.get("input"))
                .filter(input -> input.getSchema().getName().equals("Answered"))
                .map(input -> input.get("outcome") + (input.get("code") == null ? "" : " " + input.get("code")))
                .toList();
        return String.join(", ", answers);
    }
}
