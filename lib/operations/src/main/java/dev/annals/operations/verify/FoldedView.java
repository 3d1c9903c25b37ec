package dev.annals.operations.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.api.Summary;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.folding.DomainBug;
import dev.annals.engine.json.AvroToJson;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.kafka.Tombstones;
import dev.annals.engine.kafka.UtcTimes;
import dev.annals.engine.projecting.ViewFold;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.InstalledDomains.InstalledView;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.KafkaAccess;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** A view's rows as the records of the event topics make them. For one thread. */
final class FoldedView implements AutoCloseable {

    private final ViewFold fold;
    private final Predicate<RecordPlace> passedOver;
    private final Function<RecordPlace, String> beside;
    private final Deserializer<Object> deserializer;
    private final Map<String, EventDecoder> byTopic = new HashMap<>();

    /** How many events were folded. */
    long events;

    /** How many records were passed over. */
    long skipped;

    /** How many events were left out because they are erased or missing. */
    long erased;

    /** How many events were missing before summaries. */
    long expired;

    /**
     * @param passedOver what somebody said that the view passes over
     * @param beside what the view that is served does about a record that can't be folded here
     */
    FoldedView(
            InstalledView view,
            InstalledDomains domains,
            KafkaAccess kafka,
            Predicate<RecordPlace> passedOver,
            Function<RecordPlace, String> beside) {
        this.fold = ViewFold.of(view.view(), view.own(), domains.types().values());
        this.passedOver = passedOver;
        this.beside = beside;
        this.deserializer = kafka.serdes().newDeserializer();
        for (String type : fold.types()) {
            AggregateBinding<?, ?, ?> binding =
                    Objects.requireNonNull(domains.types().get(type));
            byTopic.put(kafka.topics().events(type), new EventDecoder(binding, deserializer));
        }
    }

    Collection<String> topics() {
        return byTopic.keySet();
    }

    /**
     * Folds one record.
     *
     * @return the keys whose rows may have changed
     * @throws OperationFailedException if it can't be folded
     */
    Set<String> take(ConsumerRecord<byte[], byte[]> record) {
        RecordPlace place = new RecordPlace(record.topic(), record.partition(), record.offset());
        EventDecoder decoder = Objects.requireNonNull(byTopic.get(record.topic()));
        String type = decoder.binding().type().name();
        try {
            if (passedOver.test(place)) {
                passOver(type, record);
                return Set.of();
            }
            EventKey key = EventKey.parse(Objects.requireNonNullElse(record.key(), new byte[0]));
            long before = fold.version(type, key.aggregateId());
            if (key.version() <= before || Tombstones.isExpired(record.value(), record.headers())) {
                return Set.of();
            }
            if (record.value() == null) {
                fold.erased(type, key.aggregateId(), key.version());
                erased += key.version() - before;
                return Set.of();
            }
            List<?> today = decoder.binding().events(decoder.avro(record));
            Set<String> changed = fold.apply(
                    type,
                    key.aggregateId(),
                    key.version(),
                    UtcTimes.ofEvent(record.headers(), record.timestamp()),
                    today);
            events++;
            long missing = key.version() - before - 1;
            if (Summary.begins(today)) {
                expired += missing;
            } else {
                erased += missing;
            }
            return changed;
        } catch (RuntimeException | Error e) {
            DomainBug.require(e);
            throw new OperationFailedException(
                    "the event at %s, key %s, can't be folded: %s; %s"
                            .formatted(place, text(record.key()), RegistryFailures.describe(e), beside.apply(place)),
                    e);
        }
    }

    /** Also what has no key of an event: that may be why. */
    private void passOver(String type, ConsumerRecord<byte[], byte[]> record) {
        skipped++;
        try {
            EventKey key = EventKey.parse(Objects.requireNonNullElse(record.key(), new byte[0]));
            fold.passOver(type, key.aggregateId(), key.version());
        } catch (IllegalArgumentException e) {
            return; // belongs to no aggregate, so nothing comes after it
        }
    }

    private static @Nullable String text(byte @Nullable [] key) {
        return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }

    /** A row, null if there is none. */
    @Nullable
    JsonNode row(String key) {
        GenericRecord row = fold.row(key);
        return row == null ? null : AvroToJson.toTree(row);
    }

    Set<String> keys() {
        return new LinkedHashSet<>(fold.keys());
    }

    @Override
    public void close() {
        deserializer.close();
    }
}
