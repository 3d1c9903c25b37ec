package dev.annals.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.embedded.FreePorts;
import dev.annals.embedded.JvmProcess;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process whose disk and changelog are lost, and which has its journal alone. */
@WithKafka(registry = true)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("long")
class LostStoresIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** So many that a service is seen, and killed, in the middle. */
    private static final int COPIES = 150_000;

    private static final Pattern BEGUN = Pattern.compile("state is being rebuilt, [1-9][0-9,]* of [0-9,]+ records");

    private final KafkaCluster kafka;

    @TempDir
    private Path folder;

    LostStoresIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void a_store_is_made_from_the_journal_also_by_a_service_that_is_killed_meanwhile() throws Exception {
        int port = FreePorts.any();
        try (Bank bank = new Bank(kafka, folder).decides();
                JvmProcess service = bank.process("one", port)) {
            service.start();
            bank.send("a", new OpenAccount("Ann", "EUR", null));
            bank.send("a", deposit("10", "sweep:a"));
            bank.send("a", deposit("5", "sweep:nobody"));
            bank.send("a", deposit("2", "bug"));
            bank.send("a", deposit("1", "alarm:5000"));
            bank.flush();
            // a~2: 3 entries, a~3: 4, the bug 1, the alarm 1 and, when it rings, 2 more.
            await().atMost(LIMIT).until(() -> bank.journal().size() >= 9);
            service.stop();
            int commands = bank.commands().size();
            int entries = bank.journal().size();
            bank.copyEntry("a~2", COPIES);
            bank.loseStore("one");
            bank.resetOffsets();

            Thread starting = Thread.startVirtualThread(() -> startInVain(service));
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> isBegun(port));
            service.kill();
            starting.join();
            service.start();

            bank.send("a", deposit("20", "sweep:a"));
            bank.flush();
            int more = rung(entries) ? 3 : 5;
            await().atMost(LIMIT).until(() -> bank.journal().size() >= COPIES + entries + more);
            assertThat(bank.journal()).hasSize(COPIES + entries + more); // and none has a number twice
            assertThat(bank.commands()).hasSize(commands + (rung(entries) ? 3 : 4));
            assertThat(Bank.request(port, "GET", "/v1/processes", "").body()).contains("\"parkedHere\":1");
        }
    }

    private static boolean rung(int entries) {
        return entries > 9;
    }

    private static void startInVain(JvmProcess service) {
        try {
            service.start();
        } catch (RuntimeException e) {
            // It is killed before it is ready.
        }
    }

    private static boolean isBegun(int port) {
        try {
            return BEGUN.matcher(Bank.request(port, "GET", "/health/ready", "").body())
                    .find();
        } catch (IOException e) {
            return false; // not yet
        }
    }

    private static Deposit deposit(String amount, String reference) {
        return new Deposit(new BigDecimal(amount), null, reference);
    }
}
