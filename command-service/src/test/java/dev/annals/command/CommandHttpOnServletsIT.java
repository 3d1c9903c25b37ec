package dev.annals.command;

import dev.annals.testsupport.kafka.KafkaCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The same answers where a request is not plain, and so is answered by Javalin's routes. */
@Tag("heavy")
class CommandHttpOnServletsIT extends CommandHttpIT {

    CommandHttpOnServletsIT(KafkaCluster kafka, @TempDir Path stateDir) {
        super(kafka, stateDir);
        service.throughServlets();
    }
}
