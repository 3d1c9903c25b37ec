package dev.annals.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class SecretsInClearTest {

    private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();

    @TempDir
    Path folder;

    @BeforeEach
    void listen() {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "needs POSIX permissions");
        warnings.start();
        logger().addAppender(warnings);
    }

    @AfterEach
    void stop() {
        logger().detachAppender(warnings);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(SecretsInClear.class);
    }

    private Path load(String rights, String line) throws IOException {
        Path file = Files.writeString(folder.resolve("service.properties"), line);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
        Settings unused = Settings.load(new String[] {"--config", file.toString()}, Map.of());
        return file;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.ssl.keystore.password=s3cret",
                "kafka.sasl.jaas.config=PlainLoginModule required password\\=\"s3cret\";",
                "kafka.basic.auth.user.info=ann:s3cret",
                "kafka.schema.registry.basic.auth.user.info=ann:s3cret",
                "kafka.bearer.auth.token=s3cret",
                "kafka.consumer.ssl.truststore.password=s3cret"
            })
    void a_file_with_a_password_that_others_may_read_is_warned_of(String line) throws IOException {
        Path file = load("rw-r-----", line);

        assertThat(warnings.list)
                .singleElement()
                .satisfies(warning -> assertThat(warning.getFormattedMessage())
                        .contains("chmod 600 " + file)
                        .contains(line.substring(0, line.indexOf('=')))
                        .doesNotContain("s3cret"));
    }

    @Test
    void a_file_that_its_owner_alone_may_read_is_not() throws IOException {
        load("rw-------", "kafka.ssl.keystore.password=s3cret");

        assertThat(warnings.list).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.ssl.keystore.password=${file:/run/secrets/kafka:password}",
                "kafka.ssl.keystore.password=",
                "kafka.bootstrap.servers=broker:9092"
            })
    void a_file_without_a_secret_in_clear_is_not(String line) throws IOException {
        load("rw-r--r--", line);

        assertThat(warnings.list).isEmpty();
    }
}
