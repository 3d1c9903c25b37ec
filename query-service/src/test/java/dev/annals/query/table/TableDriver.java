package dev.annals.query.table;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** A table of one partition without a broker. */
public final class TableDriver implements AutoCloseable {

    private final TopicTable table;
    private final TopologyTestDriver driver;
    private final TestInputTopic<Bytes, byte[]> records;

    /** @param folder for the stores, not another driver's */
    public TableDriver(TopicTable table, Path folder) {
        this.table = table;
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, table.applicationId());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        this.driver = new TopologyTestDriver(table.topology(), settings);
        this.records = driver.createInputTopic(table.topic(), new BytesSerializer(), new ByteArraySerializer());
    }

    /** @param value null to remove the key */
    @SuppressWarnings("NullAway") // a record may have no value
    public void put(byte[] key, byte @Nullable [] value, Headers headers) {
        records.pipeInput(new TestRecord<>(Bytes.wrap(key), value, headers, 0L));
    }

    @SuppressWarnings("unchecked") // of the table's own topology
    public Shard shard() {
        return new Shard(
                "a partition",
                false,
                (TimestampedKeyValueStoreWithHeaders<Bytes, byte[]>)
                        Objects.requireNonNull(driver.getAllStateStores().get(table.name())),
                kept(),
                reason -> {});
    }

    /** Null if the table has no {@link SideStore}. */
    public @Nullable KeyValueStore<Bytes, byte[]> kept() {
        return driver.getKeyValueStore(TopicTable.KEPT);
    }

    @Override
    public void close() {
        driver.close();
    }
}
