package dev.annals.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What this Java makes of the options. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ClassArchiveIT {

    @TempDir
    Path folder;

    /** Prints the settings of producers: a program of thousands of lines, in jars. */
    private Path run(String log) throws IOException, InterruptedException {
        String jars =
                String.join(System.getProperty("path.separator"), jar(ProducerConfig.class), jar(LoggerFactory.class));
        Path output = folder.resolve(log);
        Process process = new JvmCommand("printer", jars, List.of(), ProducerConfig.class.getName(), List.of(), output)
                .withClassArchive(folder.resolve("archives"), jars)
                .withJvmOptions(List.of("-Xlog:class+load"))
                .start(Lifetime.DETACHED);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        return output;
    }

    private static String jar(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString();
    }

    @Test
    void the_second_start_maps_the_classes_that_the_first_has_loaded() throws Exception {
        assertThat(firstLoad(run("first.log"))).contains("kafka-clients");
        assertThat(firstLoad(run("second.log"))).contains("shared objects file");
    }

    /** A JVM that makes an archive starts another one behind it, which logs as well. */
    private static String firstLoad(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains(ProducerConfig.class.getName() + " "))
                .findFirst()
                .orElseThrow();
    }
}
