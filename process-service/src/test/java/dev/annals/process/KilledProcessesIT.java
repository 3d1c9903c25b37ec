package dev.annals.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.MoneyWithdrawn;
import dev.annals.embedded.JvmProcess;
import dev.annals.engine.kafka.EventKey;
import dev.annals.process.Bank.Booked;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two services with a process, each killed with -9 again and again while they work: every effect is there once. */
@Tag("long")
@WithKafka(registry = true)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KilledProcessesIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int ACCOUNTS = 20;
    private static final int ROUNDS = 6;
    private static final int SWEEPS_A_ROUND = 150;

    private final KafkaCluster kafka;

    @TempDir
    private Path folder;

    KilledProcessesIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void each_effect_is_there_exactly_once() {
        Random random = new Random(20261201);
        BigDecimal paidIn = BigDecimal.ZERO;
        try (Bank bank = new Bank(kafka, folder).decides();
                JvmProcess one = bank.process("one");
                JvmProcess two = bank.process("two")) {
            one.start();
            two.start();
            for (int i = 0; i < ACCOUNTS; i++) {
                bank.send("a" + i, new OpenAccount("owner", "EUR", null));
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < SWEEPS_A_ROUND; i++) {
                    BigDecimal amount = BigDecimal.valueOf(1 + random.nextInt(10_000), 2);
                    paidIn = paidIn.add(amount);
                    // One in ten goes to an account that does not exist, and comes back.
                    String target = random.nextInt(10) == 0 ? "nobody" : "a" + random.nextInt(ACCOUNTS);
                    bank.send("a" + random.nextInt(ACCOUNTS), new Deposit(amount, null, "sweep:" + target));
                }
                bank.flush();
                JvmProcess killed = round % 2 == 0 ? one : two;
                int midway = bank.journal().size() + SWEEPS_A_ROUND;
                await().atMost(LIMIT).until(() -> bank.journal().size() > midway);
                killed.kill();
                killed.start();
            }
            int sweeps = ROUNDS * SWEEPS_A_ROUND;
            await().atMost(LIMIT).until(() -> ended(bank) == sweeps);

            List<Booked> events = bank.events();
            assertThat(sum(events)).isEqualByComparingTo(paidIn);
            assertThat(events)
                    .filteredOn(each -> each.event() instanceof MoneyWithdrawn)
                    .hasSize(sweeps);
            assertThat(events).filteredOn(KilledProcessesIT::isMovedOnOrBack).hasSize(sweeps);
            assertThatCommandsStandOnceInTopicAndJournal(bank);
        }
    }

    private static boolean isMovedOnOrBack(Booked booked) {
        return booked.event() instanceof MoneyDeposited deposited
                && !Objects.requireNonNull(deposited.reference()).startsWith("sweep:");
    }

    private static BigDecimal sum(List<Booked> events) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Booked booked : events) {
            sum = switch (booked.event()) {
                case MoneyDeposited deposited -> sum.add(deposited.amount());
                case MoneyWithdrawn withdrawn -> sum.subtract(withdrawn.amount());
                default -> sum;
            };
        }
        return sum;
    }

    /** How many instances have had the answer to what they sent last. */
    private static long ended(Bank bank) {
        Map<String, GenericRecord> last = new HashMap<>();
        bank.journal().forEach((key, entry) -> last.put(EventKey.parse(key).aggregateId(), entry));
        return last.values().stream()
                .filter(entry -> ((List<?>) entry.get("effects")).isEmpty())
                .count();
    }

    /** The numbers of an instance's entries, and of its commands, have no gaps and none twice. */
    private static void assertThatCommandsStandOnceInTopicAndJournal(Bank bank) {
        Map<String, Integer> sent = new HashMap<>();
        Map<String, Long> entries = new HashMap<>();
        bank.journal().forEach((key, entry) -> {
            EventKey at = EventKey.parse(key);
            assertThat(at.version()).as(key).isEqualTo(entries.merge(at.aggregateId(), 1L, Long::sum));
            for (Object effect : (List<?>) entry.get("effects")) {
                sent.put("sweeps/%s/%s".formatted(at.aggregateId(), ((GenericRecord) effect).get("number")), 0);
            }
        });
        for (ConsumerRecord<byte[], byte[]> command : bank.commands()) {
            String id = new String(command.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8);
            if (id.startsWith("sweeps/")) {
                sent.merge(id, 1, Integer::sum);
            }
        }
        assertThat(sent.values()).containsOnly(1);
    }
}
