package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.service.StartupException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of the catalog counts where somebody else has written into it. */
class PartitionCatalogTest {

    private final PartitionCatalog.Found found = new PartitionCatalog.Found();
    private long offset;

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private void written(@Nullable String key, @Nullable String value) {
        found.take(new ConsumerRecord<>("annals.catalog", 0, offset++, bytes(key), bytes(value)));
    }

    private String counted(String name) {
        return String.valueOf(found.first().get(name));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "counters | no JSON | {\"partitions\":3}",
                "counters | | {\"partitions\":3}",
                "counters | {\"partitions\":0} | {\"partitions\":3}",
                "counters | {\"partitions\":\"3\"} | {\"partitions\":3}",
                "counters | {\"partitions\":4294967299} | {\"partitions\":3}",
                "counters.lanes | {\"partitions\":3} | {\"partitions\":3,\"lanes\":2}",
                "counters.id | {\"partitions\":3,\"id\":\"\"} | {\"partitions\":3,\"id\":\"a\"}",
                "transfers.from | {\"partitions\":3,\"from\":\"now\"} | {\"partitions\":3,\"from\":\"2026-12-01T10:00:00Z\"}",
                "7.schema | {\"partitions\":1} | {\"partitions\":1,\"schema\":\"5f1c\"}"
            })
    void a_record_that_cant_be_read_is_passed_over_where_another_can(String name, @Nullable String bad, String right) {
        written(name, bad);
        written(name, right);
        written(name, bad);

        assertThat(counted(name)).isEqualTo(right);
    }

    @Test
    void a_record_without_a_key_of_ours_stops_nobody() {
        written(null, "{\"partitions\":1}");
        written("counters", "{\"partitions\":3}");
        written(null, null);
        written("'; reboot #", "no JSON");

        assertThat(counted("counters")).isEqualTo("{\"partitions\":3}");
        assertThat(found.first()).hasSize(1);
    }

    @Test
    void the_first_of_two_right_ones_counts() {
        written("counters", "{\"partitions\":3}");
        written("counters", "{\"partitions\":5}");

        assertThat(counted("counters")).isEqualTo("{\"partitions\":3}");
    }

    @Test
    void where_nothing_else_is_there_the_mend_is_told() {
        Stream.of("others", "tallies").forEach(name -> written(name, "{\"partitions\":3}"));
        written("counters", "{\"partitions\":-1}");

        assertThatThrownBy(found::first)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("topic annals.catalog, offset 2: the record of 'counters' can't be read")
                .hasMessageContaining("printf 'counters\\t{\"partitions\":4}\\n' | kafka-console-producer.sh")
                .hasMessageContaining("kafka-delete-records.sh")
                .hasMessageContaining(
                        "{\"partitions\":[{\"topic\":\"annals.catalog\",\"partition\":0,\"offset\":3}],\"version\":1}");
    }
}
