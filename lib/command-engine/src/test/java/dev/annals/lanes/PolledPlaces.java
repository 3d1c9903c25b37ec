package dev.annals.lanes;

import dev.annals.engine.kafka.RecordPlace;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Every record that a consumer of the tests has been handed. Made by Kafka's clients; topics have names of their own.
 */
public final class PolledPlaces implements ConsumerInterceptor<byte[], byte[]>, ProducerInterceptor<byte[], byte[]> {

    private static final Set<RecordPlace> ALL = ConcurrentHashMap.newKeySet();

    static boolean contains(RecordPlace place) {
        return ALL.contains(place);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        records.forEach(each -> ALL.add(new RecordPlace(each.topic(), each.partition(), each.offset())));
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        // what counts is what was read
    }

    /** Producers have the setting under the same name. */
    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
        return record;
    }

    @Override
    public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        // what counts is what was read
    }

    @Override
    public void configure(Map<String, ?> config) {
        // there is nothing to set
    }

    @Override
    public void close() {
        // what it has seen stays
    }
}
