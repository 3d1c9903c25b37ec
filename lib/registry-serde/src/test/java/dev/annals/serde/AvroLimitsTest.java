package dev.annals.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.serde.WireFormat.SchemaId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

/** In a process of its own, as services have them: Avro looks at its limits once. */
class AvroLimitsTest {

    /** Reads the record that a few bytes make of almost two million empty ones. */
    static final class ManyEmptyRecords {

        public static void main(String[] args) {
            AvroLimits.set();
            Schema empty = SchemaBuilder.record("Empty").fields().endRecord();
            Schema many = SchemaBuilder.record("Many")
                    .fields()
                    .name("items")
                    .type()
                    .array()
                    .items(empty)
                    .noDefault()
                    .endRecord();
            byte[] count = {(byte) 0xc0, (byte) 0xf7, (byte) 0xe7, 0x1, 0}; // 1,900,000, and the end of the array
            RecordDecoder decoder = RecordDecoder.generic(new SchemaId.Numbered(1), many, many);
            try {
                Object read = decoder.decode("many", count, 0);
                System.out.println("read " + read.hashCode());
            } catch (UnreadableBytesException e) {
                System.out.println("unreadable: " + e.getMessage());
            }
        }
    }

    @Test
    void a_few_bytes_can_not_make_more_records_than_the_heap_holds() throws IOException, InterruptedException {
        Process reader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyEmptyRecords.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(reader.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains("unreadable: Topic many, schema id 1: the bytes are no readable Many");
        assertThat(reader.exitValue()).isZero();
    }
}
