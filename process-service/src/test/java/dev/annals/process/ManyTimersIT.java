package dev.annals.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.service.Service;
import dev.annals.service.http.HttpServer;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Timers of many instances that are due at once. */
@Tag("long")
@WithKafka(registry = true)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class ManyTimersIT {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration BETWEEN_OTHERS = Duration.ofMillis(200);

    /** The claim is of 100,000: {@code -Dannals.test.timers=100000}. */
    private static final int TIMERS = Integer.getInteger("annals.test.timers", 20_000);

    /** For all of them to be set before, on a slow machine. */
    private static final Duration UNTIL_DUE = Duration.ofSeconds(45 + TIMERS / 1_400);

    private static final int ACCOUNTS = 100;
    private static final int OTHERS = 10;

    private final KafkaCluster kafka;

    @TempDir
    private Path folder;

    ManyTimersIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void all_ring_once_and_hold_up_nobody_until_the_last_has_rung() {
        try (Bank bank = new Bank(kafka, folder);
                Service service = new Service("processes")) {
            HttpServer http = bank.start(service, "one");
            await().atMost(LIMIT).until(() -> Bank.isReady(http.port()));
            Instant due = Instant.now().plus(UNTIL_DUE);
            for (int i = 0; i < TIMERS; i++) {
                long millis = Duration.between(Instant.now(), due).toMillis();
                bank.append("a" + i % ACCOUNTS, 1 + i / ACCOUNTS, deposited("alarm:" + millis));
            }
            bank.flush();
            String journal = bank.topics().journal(Sweeps.NAME);
            assertThat(kafka.awaitRecords(journal, TIMERS, UNTIL_DUE)).hasSize(TIMERS);
            assertThat(Instant.now())
                    .as("all timers are set before they are due")
                    .isBefore(due);

            Map<String, Instant> others = new HashMap<>();
            await().atMost(UNTIL_DUE)
                    .until(() -> Instant.now().isAfter(due.plus(SHORT))); // into the middle of the ringing
            for (int i = 0; i < OTHERS; i++) {
                others.put("b~" + (i + 1), Instant.now());
                bank.append("b", i + 1, deposited("sweep:c"));
                bank.flush();
                Instant next = Instant.now().plus(BETWEEN_OTHERS);
                await().until(() -> Instant.now().isAfter(next));
            }
            String topic = bank.topics().commands("accounts");
            List<ConsumerRecord<byte[], byte[]>> commands = kafka.awaitRecords(topic, TIMERS + OTHERS, LIMIT);

            Map<String, Instant> sent = new HashMap<>();
            commands.forEach(each -> sent.put(
                    new String(each.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8),
                    Instant.ofEpochMilli(each.timestamp())));
            assertThat(commands).hasSize(TIMERS + OTHERS);
            assertThat(sent).as("no command has the id of another").hasSize(TIMERS + OTHERS);
            Instant last = sent.values().stream().max(Instant::compareTo).orElseThrow();
            Instant middle = due.plus(Duration.between(due, last).dividedBy(2));
            // Events wait for one turn of timers, and not for all that are due: who came in the first half goes before
            // the last alarm.
            Map<String, Instant> early = new HashMap<>(others);
            early.values().removeIf(middle::isBefore);
            assertThat(early).as("others came while it rang").isNotEmpty();
            assertThat(early.keySet())
                    .as("%s, while it rang until %s", others, last)
                    .allSatisfy(other ->
                            assertThat(sent.get("sweeps/" + other + "/1")).isBefore(last));
            sent.keySet().removeIf(id -> id.startsWith("sweeps/b~"));
            // A millisecond: what the alarms were set by was cut to it.
            assertThat(sent.values()).allMatch(time -> !time.isBefore(due.minusMillis(1)));
        }
    }

    private static MoneyDeposited deposited(String reference) {
        return new MoneyDeposited(BigDecimal.ONE, null, reference);
    }
}
