package dev.annals.engine.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedStoreTest {

    private static final String NAME = "store";

    private static final class Idle implements Processor<byte[], byte[], Void, Void> {
        @Override
        public void process(Record<byte[], byte[]> record) {
            // the test uses the store
        }
    }

    private final AtomicLong wrongChecksums = new AtomicLong(5);

    @TempDir
    private Path folder;

    private TopologyTestDriver driver;
    private KeyValueStore<String, String> store;

    @BeforeEach
    void open() {
        Topology topology = new Topology()
                .addSource("source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "topic")
                .addProcessor("processor", Idle::new, "source")
                .addStateStore(
                        Stores.keyValueStoreBuilder(CheckedStore.persistent(NAME), Serdes.String(), Serdes.String())
                                .withCachingDisabled(),
                        "processor");
        Properties config = new Properties();
        config.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        config.put(CheckedStore.WRONG_CHECKSUMS, (LongSupplier) wrongChecksums::get);
        driver = new TopologyTestDriver(topology, config);
        store = driver.getKeyValueStore(NAME);
        store.put("a", "1");
        store.put("b", "2");
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void reads_what_was_written() {
        store.delete("b");

        assertThat(store.get("a")).isEqualTo("1");
        assertThat(store.get("b")).isNull();
        try (KeyValueIterator<String, String> all = store.all()) {
            assertThat(all).toIterable().extracting(each -> each.value).containsExactly("1");
        }
    }

    @Test
    void a_range_has_no_end_where_a_wrong_checksum_was_found() {
        try (KeyValueIterator<String, String> range = store.range("a", "b")) {
            assertThat(range.next().value).isEqualTo("1");
            wrongChecksums.incrementAndGet();
            assertThat(range.next().value).isEqualTo("2");

            assertThatThrownBy(range::hasNext)
                    .isInstanceOf(ProcessorStateException.class)
                    .hasMessageContaining(NAME);
        }
    }

    @Test
    void what_was_found_before_is_no_matter_of_this_range() {
        wrongChecksums.incrementAndGet();

        try (KeyValueIterator<String, String> backwards = store.reverseRange("a", "b")) {
            assertThat(backwards).toIterable().extracting(each -> each.value).containsExactly("2", "1");
        }
    }
}
