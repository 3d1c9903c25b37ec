package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.Workers;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
@WithKafka
class KafkaWatchIT {

    private static final Duration BACK_WITHIN = Duration.ofSeconds(30);

    private final KafkaCluster kafka;

    KafkaWatchIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void a_broker_that_is_gone_or_frozen_is_noticed_and_so_is_its_return() {
        ServiceConfig config =
                ServiceConfig.of(Settings.of(Map.of("kafka.bootstrap.servers", kafka.bootstrapServers())), 0);
        try (KafkaWatch watch =
                new KafkaWatch(config, new SimpleMeterRegistry(), new Workers(new SimpleMeterRegistry())).start()) {
            kafka.broker().kill();
            try {
                awaitReason(watch, "Connection refused");
            } finally {
                kafka.broker().start();
            }
            awaitAnswers(watch);

            kafka.broker().pause();
            try {
                awaitReason(watch, "takes connections, but does not answer");
            } finally {
                kafka.broker().resume();
            }
            awaitAnswers(watch);
        }
    }

    private static void awaitReason(KafkaWatch watch, String reason) {
        await().atMost(KafkaWatch.NOTICED_WITHIN)
                .untilAsserted(() -> assertThat(watch.reasonsAgainst())
                        .singleElement()
                        .asString()
                        .startsWith("Kafka does not answer since ")
                        .contains(reason));
    }

    private static void awaitAnswers(KafkaWatch watch) {
        await().atMost(BACK_WITHIN)
                .untilAsserted(() -> assertThat(watch.reasonsAgainst()).isEmpty());
    }
}
