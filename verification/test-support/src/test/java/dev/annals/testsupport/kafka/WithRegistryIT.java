package dev.annals.testsupport.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.embedded.RegistryProcess;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithKafka(registry = true)
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class WithRegistryIT {
    @Test
    void the_registry_is_real_when_asked(KafkaCluster kafka) {
        assertThat(RegistryProcess.answers(kafka.registryUrl())).isTrue();
    }
}
