package dev.annals.lanes;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.ActorTrust;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.DedupEntry;
import dev.annals.engine.deciding.EventFold;
import dev.annals.engine.deciding.PayloadFingerprint;
import dev.annals.engine.deciding.RecoveredCommands;
import dev.annals.engine.deciding.ResultReader;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.deciding.StoreKeys;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.rebuilding.Rebuild.StoppedException;
import dev.annals.lanes.Positions.LastEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed events and results of a lane into its memory: to their end when the lane is taken over, and on
 * and on where it stands by. One thread at a time.
 */
final class LaneTail<S extends Record> implements AutoCloseable {

    private static final Duration ASK_LIMIT = Duration.ofSeconds(10);
    private static final String WHAT_TO_DO =
            "stop the services, and restore a backup (annals restore) into a new installation with another annals.topics.prefix";
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final Set<TopicPartition> partitions;
    private final String type;
    private final String eventsTopic;
    private final String resultsTopic;
    private final LaneMemory<S> memory;
    private final Positions positions;
    private final EventFold<S, ?> events;
    private final ResultReader results;
    private final ActorTrust trust;
    private final @Nullable RecoveredCommands recovered;
    private long newest;

    /**
     * @param consumer in no group, with {@code read_committed}; closed with this
     * @param partitions of events and results
     * @param positions where to begin; moved with each record
     * @param trust as commands are decided with
     * @param recovered takes ids of commands from events; null where results tell of all
     */
    LaneTail(
            Consumer<byte[], byte[]> consumer,
            Set<TopicPartition> partitions,
            String type,
            String eventsTopic,
            String resultsTopic,
            LaneMemory<S> memory,
            Positions positions,
            EventFold<S, ?> events,
            ResultReader results,
            ActorTrust trust,
            @Nullable RecoveredCommands recovered) {
        this.consumer = consumer;
        this.partitions = partitions;
        this.type = type;
        this.eventsTopic = eventsTopic;
        this.resultsTopic = resultsTopic;
        this.memory = memory;
        this.positions = positions;
        this.events = events;
        this.results = results;
        this.trust = trust;
        this.recovered = recovered;
        consumer.assign(partitions);
        seek();
    }

    /**
     * Goes to where the lane is; what was deleted since is passed over.
     *
     * @throws StoppedException if a log ends before what was taken from it
     */
    private void seek() {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, ASK_LIMIT);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ASK_LIMIT);
        for (TopicPartition each : partitions) {
            long next = positions.next(each);
            long end = ends.getOrDefault(each, 0L);
            LastEvent last = positions.last().get(each);
            if (last != null && last.offset() >= end) {
                throw lost(last);
            }
            if (next > end) {
                throw new StoppedException(
                        "%s ends at offset %d, and was known up to %d: it has lost its end; %s"
                                .formatted(each, end, next, WHAT_TO_DO),
                        null);
            }
        }
        goOn(begins);
        requireLastEvents(begins, ends);
        goOn(begins);
    }

    private void goOn(Map<TopicPartition, Long> begins) {
        partitions.forEach(each -> consumer.seek(each, Math.max(positions.next(each), begins.getOrDefault(each, 0L))));
    }

    /**
     * Looks for the last events that the lane knows of: where a leader without the end of a log has taken over, and the
     * log has grown again since, others may stand in their places.
     */
    private void requireLastEvents(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, LastEvent> wanted = new HashMap<>(positions.last());
        wanted.entrySet().removeIf(each -> each.getValue().offset() < begins.getOrDefault(each.getKey(), 0L));
        wanted.forEach((partition, last) -> consumer.seek(partition, last.offset()));
        consumer.pause(partitions);
        consumer.resume(wanted.keySet());
        while (!wanted.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(LOOK)) {
                TopicPartition partition = place(each);
                LastEvent last = wanted.get(partition);
                if (last != null && last.isKey(each.key())) {
                    wanted.remove(partition);
                    consumer.pause(List.of(partition));
                }
            }
            for (Map.Entry<TopicPartition, LastEvent> each : wanted.entrySet()) {
                if (consumer.position(each.getKey(), ASK_LIMIT) >= ends.getOrDefault(each.getKey(), 0L)) {
                    throw lost(each.getValue());
                }
            }
        }
        consumer.resume(partitions);
    }

    private StoppedException lost(LastEvent last) {
        return new StoppedException(
                "the last event that was decided, %s/%s, is not in the log any more, which has lost its end: %s"
                        .formatted(type, new String(last.key(), StandardCharsets.UTF_8), WHAT_TO_DO),
                null);
    }

    /**
     * The ends of what may be read. Once the owner before has been fenced, nothing of it can come any more: there is no
     * open transaction then that could hold them back.
     */
    Map<TopicPartition, Long> ends() {
        return new HashMap<>(consumer.endOffsets(partitions, ASK_LIMIT));
    }

    /**
     * Takes what is there, or comes within the time.
     *
     * @return how many results there were among it
     */
    int step(Duration wait) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(wait);
        try {
            for (ConsumerRecord<byte[], byte[]> each : polled.records(eventsTopic)) {
                event(each);
                positions.advance(place(each), new LastEvent(each.offset(), each.key()));
            }
        } finally {
            // Also of those before one that can't be folded, which nobody reads again; before results, which know more.
            if (recovered != null) {
                recovered.flush();
            }
        }
        int found = 0;
        for (ConsumerRecord<byte[], byte[]> each : polled.records(resultsTopic)) {
            result(each);
            found++;
            newest = Math.max(newest, each.timestamp());
            positions.advance(place(each), each.offset() + 1);
        }
        return found;
    }

    private static TopicPartition place(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** The rules by which events are folded here. */
    EventFold<S, ?> events() {
        return events;
    }

    /** The time of the newest result so far, in milliseconds since the epoch; 0 if there was none. */
    long newest() {
        return newest;
    }

    /** Whether all that comes before these ends is taken; markers of transactions have no records. */
    boolean isAt(Map<TopicPartition, Long> ends) {
        for (Map.Entry<TopicPartition, Long> each : ends.entrySet()) {
            long position = consumer.position(each.getKey(), ASK_LIMIT);
            if (position < each.getValue()) {
                return false;
            }
            positions.advance(each.getKey(), position);
        }
        return true;
    }

    /** About how many records there are before these ends. */
    long before(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(each -> Math.max(0, each.getValue() - positions.next(each.getKey())))
                .sum();
    }

    private void event(ConsumerRecord<byte[], byte[]> record) {
        EventKey key = events.key(record);
        if (key == null) {
            return;
        }
        if (recovered != null) {
            recovered.take(key, record);
        }
        Versioned<S> before = memory.any(key.aggregateId());
        Versioned<S> after = before.isWhole()
                ? events.fold(before, key, record)
                : new Versioned<>(before.version(), before.state(), Math.max(before.known(), key.version()));
        if (after != null) {
            memory.take(key.aggregateId(), after);
        }
    }

    private void result(ConsumerRecord<byte[], byte[]> record) {
        CommandResult result;
        try {
            result = results.read(record.topic(), record.headers(), record.value());
        } catch (BindingException e) {
            throw new StoppedException(
                    "%s partition %d offset %d: the result can't be read: %s"
                            .formatted(record.topic(), record.partition(), record.offset(), e.getMessage()),
                    e);
        }
        if (result.commandId() == null || !isKept(result)) {
            return;
        }
        byte[] key = StoreKeys.command(trust.nameOf(result.commandId(), record.headers()), result.aggregateId());
        boolean failed = result.outcome() == CommandResult.Outcome.FAILED;
        if (failed) {
            byte[] before = memory.get(key);
            if (before != null && !DedupEntry.isFailed(before)) {
                return; // that is what a repeat gets
            }
        }
        memory.takeId(
                key,
                new DedupEntry(
                                failed ? null : fingerprint(result),
                                record.timestamp(),
                                record.timestamp(),
                                record.value())
                        .encode());
    }

    /** A repeat is no decision, nor is that an id was used for something else. */
    private static boolean isKept(CommandResult result) {
        return !result.replayed() && !CommandResult.IDEMPOTENCY_KEY_REUSED.equals(result.code());
    }

    /** Of results that were written before they had one, nothing is known. */
    private static @Nullable PayloadFingerprint fingerprint(CommandResult result) {
        return result.fingerprint() == null ? PayloadFingerprint.NONE : PayloadFingerprint.parse(result.fingerprint());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
