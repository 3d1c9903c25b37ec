package dev.annals.command;

import static dev.annals.command.AccountTopics.deposit;
import static dev.annals.command.AccountTopics.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A result is visible when its transaction commits; with this interval, only a commit that was asked for is in time.
 */
@WithKafka
class CommitIT {

    private static final Map<String, String> HARDLY_EVER =
            Map.of("kafka.commit.interval.ms", "100000", "kafka.producer.transaction.timeout.ms", "200000");

    @Test
    @Timeout(value = 90, unit = TimeUnit.SECONDS)
    void a_command_does_not_wait_for_the_commit_interval(KafkaCluster kafka, @TempDir Path stateDir) {
        String prefix = kafka.uniqueName("commit") + ".";
        try (Instance instance = Instance.start(kafka, prefix, stateDir, HARDLY_EVER);
                AccountTopics accounts = new AccountTopics(kafka, prefix)) {
            instance.awaitReady();
            accounts.send("a", open());
            assertThat(accounts.results(1)).hasSize(1);

            for (int i = 0; i < 30; i++) {
                accounts.send("a", deposit("1"));
                accounts.send("b" + i, open());
            }
            assertThat(accounts.results(61)).hasSize(61);
        }
    }
}
