package dev.annals.operations.erase;

import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * Erasure of single events, for ever, by a tombstone under the key of each: histories show them as erased at once, the
 * log holds them until the broker's cleaner has come. {@link #find} first, then {@link #erase}. Each call makes its own
 * clients; for any thread.
 */
public record Erasure(KafkaAccess kafka) {

    /** Id of an event as histories show it, for instance {@code accounts/ada/3}. */
    public record EventId(String type, EventKey key) {

        private static final Pattern FORM = Pattern.compile("([^/]+)/([^/]+)/([1-9][0-9]{0,17})");

        /** @throws IllegalArgumentException if the text is none */
        public static EventId parse(String text) {
            Matcher parts = FORM.matcher(text);
            if (!parts.matches() || !AggregateIds.isValid(parts.group(2))) {
                throw new IllegalArgumentException(
                        "'%s': expected the id of an event as its history shows it, such as accounts/ada/3"
                                .formatted(text));
            }
            return new EventId(parts.group(1), new EventKey(parts.group(2), Long.parseLong(parts.group(3))));
        }

        @Override
        public String toString() {
            return "%s/%s/%d".formatted(type, key.aggregateId(), key.version());
        }
    }

    /**
     * An event that is there.
     *
     * @param type full name of its record, as its header has it
     * @param time when it happened, as its header has it
     */
    public record Found(
            EventId id,
            RecordPlace place,
            @Nullable String type,
            @Nullable String time) {}

    /**
     * Finds events by reading all of their types: where one stands, no index says. A key stands in one partition,
     * whatever made it.
     *
     * @return all of them, in the order in which they were given
     * @throws OperationFailedException if one is not there, or has been erased
     */
    public List<Found> find(List<EventId> ids) {
        Map<EventId, Found> found = new HashMap<>();
        ids.stream().collect(Collectors.groupingBy(EventId::type)).forEach((type, ofType) -> find(type, ofType, found));
        return ids.stream().map(id -> Objects.requireNonNull(found.get(id))).toList();
    }

    private void find(String type, List<EventId> ids, Map<EventId, Found> to) {
        String topic = kafka.topics().events(type);
        requireCompaction(topic);
        Map<EventKey, EventId> wanted = ids.stream().collect(Collectors.toMap(EventId::key, id -> id, (a, b) -> a));
        try (PartitionReader reader = new PartitionReader(kafka, List.of(topic))) {
            reader.readTo(reader.ends(), record -> {
                EventId id = wanted.get(keyOrNull(record.key()));
                if (id != null && record.value() == null) {
                    to.remove(id);
                } else if (id != null) {
                    to.put(id, found(id, record));
                }
            });
        }
        for (EventId id : ids) {
            if (!to.containsKey(id)) {
                throw new OperationFailedException(
                        "there is no event %s in %s, or it has been erased; nothing is erased now"
                                .formatted(id, topic));
            }
        }
    }

    /** Without it a tombstone takes nothing from the log: the event would look erased, and be there. */
    private void requireCompaction(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Broker broker = new Broker(kafka)) {
            if (!broker.topics().contains(topic)) {
                return; // whoever reads it says so
            }
            String policy = Objects.requireNonNull(broker.answer(broker.admin()
                                    .describeConfigs(List.of(resource))
                                    .all())
                            .get(resource))
                    .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                    .value();
            if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                throw new OperationFailedException(
                        "%s has %s=%s: nothing can be erased from it, since a tombstone takes nothing from a log that is not compacted"
                                .formatted(topic, TopicConfig.CLEANUP_POLICY_CONFIG, policy));
            }
        }
    }

    private static Found found(EventId id, ConsumerRecord<?, ?> record) {
        return new Found(
                id,
                new RecordPlace(record.topic(), record.partition(), record.offset()),
                HeaderName.TYPE.in(record.headers()),
                HeaderName.TIME.in(record.headers()));
    }

    private static @Nullable EventKey keyOrNull(byte @Nullable [] key) {
        try {
            return EventKey.parse(Objects.requireNonNullElse(key, new byte[0]));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Erases events; returns when all tombstones are safe.
     *
     * @param instruction stays in the headers of the tombstones, for as long as they do
     * @throws OperationFailedException if not all are erased; to repeat it is safe
     */
    public void erase(List<Found> events, Instruction instruction) {
        try (Producer<byte[], byte[]> producer = kafka.newProducer()) {
            for (Found event : events) {
                ProducerRecord<byte[], byte[]> tombstone = new ProducerRecord<>(
                        event.place().topic(),
                        event.place().partition(),
                        event.id().key().toBytes(),
                        null);
                instruction.putInto(tombstone.headers());
                producer.send(tombstone).get();
            }
        } catch (ExecutionException e) {
            throw new OperationFailedException("not all events are erased, repeat it: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationFailedException("interrupted: not all events are erased, repeat it", e);
        }
    }
}
