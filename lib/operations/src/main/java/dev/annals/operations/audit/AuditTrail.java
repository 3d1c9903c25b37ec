package dev.annals.operations.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The audit trail of operators: what skips and erasures have left in the installation's own topics, which say in their
 * headers who had them done and why. The topics are compacted, so it goes back as far as they hold such records: a skip
 * for ever, an erasure until the cleaner has removed its tombstones. Nothing is kept beside them, so nothing can
 * contradict them. For one thread.
 */
public final class AuditTrail {

    /** Tombstones are stamped by the clock of whoever wrote them. */
    private static final Duration CLOCKS_DIFFER_BY = Duration.ofHours(1);

    private final KafkaAccess kafka;
    private final InstalledDomains domains;

    /**
     * Something that was done.
     *
     * @param time by the clock of whoever had it done
     * @param actor {@code ce_authid}
     * @param actorType {@code ce_authtype}: {@code unknown} where nobody has verified who it was
     * @param action {@code erase} or {@code skip}
     * @param subject what was erased or passed over: {@code accounts/ada/3}, a place in a topic
     * @param place of the record that says so
     */
    public record Act(
            Instant time,
            String actor,
            String actorType,
            String action,
            String subject,
            String reason,
            RecordPlace place) {}

    public AuditTrail(KafkaAccess kafka, InstalledDomains domains) {
        this.kafka = kafka;
        this.domains = domains;
    }

    /**
     * The latest acts, in the order of their times.
     *
     * @param since the first moment; null for all
     * @param limit the most of them
     * @throws OperationFailedException if the topics can't be read
     */
    public List<Act> read(@Nullable Instant since, int limit) {
        Latest latest = new Latest(since, limit);
        try (Broker broker = new Broker(kafka)) {
            Set<String> there = broker.topics();
            if (!there.contains(kafka.topics().views())) {
                throw new OperationFailedException(
                        "there is no topic %s: is the prefix of topics right? A service makes its topics when it starts"
                                .formatted(kafka.topics().views()));
            }
            read(kafka.topics().views(), latest, ends -> Map.of(), AuditTrail::note);
            for (String type : domains.types().keySet()) {
                String topic = kafka.topics().events(type);
                if (there.contains(topic)) {
                    read(
                            topic,
                            latest,
                            ends -> since == null ? Map.of() : from(since.minus(CLOCKS_DIFFER_BY), ends, broker),
                            record -> act(record, "erase", subject(type, record)));
                }
            }
            for (String process : domains.processes().keySet()) {
                String topic = kafka.topics().journal(process);
                if (there.contains(topic)) {
                    String name = "processes/" + process;
                    read(
                            topic,
                            latest,
                            ends -> Map.of(), // entries have the times of their inputs
                            record -> act(record, record.value() == null ? "erase" : "skip", subject(name, record)));
                }
            }
        }
        return latest.inOrder();
    }

    /** @param begin where to begin in partitions that are not read whole, by the ends of all */
    private void read(
            String topic,
            Latest to,
            UnaryOperator<Map<TopicPartition, Long>> begin,
            Function<ConsumerRecord<byte[], byte[]>, @Nullable Act> act) {
        try (PartitionReader reader = new PartitionReader(kafka, List.of(topic))) {
            Map<TopicPartition, Long> ends = reader.ends();
            reader.seek(begin.apply(ends));
            reader.readTo(ends, record -> {
                Act found = HeaderName.REASON.in(record.headers()) == null ? null : act.apply(record);
                if (found != null) {
                    to.add(found);
                }
            });
        }
    }

    /** Where the records of that time begin; the end where there are none. */
    private static Map<TopicPartition, Long> from(Instant time, Map<TopicPartition, Long> ends, Broker broker) {
        Map<TopicPartition, Long> offsets = broker.offsets(ends.keySet(), OffsetSpec.forTimestamp(time.toEpochMilli()));
        return ends.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, end -> {
            long offset = offsets.getOrDefault(end.getKey(), -1L);
            return offset < 0 ? end.getValue() : offset;
        }));
    }

    /** A note of views: its key is the kind and what it is about. */
    private static @Nullable Act note(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return null;
        }
        String key = new String(record.key(), UTF_8);
        int kind = key.indexOf('/');
        return act(record, "skip", kind < 0 ? key : key.substring(kind + 1));
    }

    private static String subject(String name, ConsumerRecord<byte[], byte[]> record) {
        try {
            EventKey key = EventKey.parse(record.key());
            return "%s/%s/%d".formatted(name, key.aggregateId(), key.version());
        } catch (IllegalArgumentException e) {
            return name; // nobody but us writes there, but somebody may have
        }
    }

    private static Act act(ConsumerRecord<byte[], byte[]> record, String action, String subject) {
        String recorded = HeaderName.RECORDED_TIME.in(record.headers());
        String said = recorded == null ? HeaderName.TIME.in(record.headers()) : recorded;
        return new Act(
                time(said, record.timestamp()),
                Objects.requireNonNullElse(HeaderName.AUTH_ID.in(record.headers()), "unknown"),
                Objects.requireNonNullElse(HeaderName.AUTH_TYPE.in(record.headers()), HeaderName.UNKNOWN_PRINCIPAL),
                action,
                subject,
                String.valueOf(HeaderName.REASON.in(record.headers())),
                new RecordPlace(record.topic(), record.partition(), record.offset()));
    }

    private static Instant time(@Nullable String said, long timestamp) {
        try {
            return said == null ? Instant.ofEpochMilli(timestamp) : Instant.parse(said);
        } catch (DateTimeParseException e) {
            return Instant.ofEpochMilli(timestamp);
        }
    }

    /** The latest so many. */
    private static final class Latest {

        private static final Comparator<Act> ORDER = Comparator.comparing(Act::time)
                .thenComparing(act -> act.place().topic())
                .thenComparingInt(act -> act.place().partition())
                .thenComparingLong(act -> act.place().offset());

        private final @Nullable Instant since;
        private final int limit;
        private final PriorityQueue<Act> acts = new PriorityQueue<>(ORDER);

        Latest(@Nullable Instant since, int limit) {
            this.since = since;
            this.limit = limit;
        }

        void add(Act act) {
            if (since == null || !act.time().isBefore(since)) {
                acts.add(act);
                if (acts.size() > limit) {
                    acts.remove();
                }
            }
        }

        List<Act> inOrder() {
            List<Act> all = new ArrayList<>(acts);
            all.sort(ORDER);
            return all;
        }
    }
}
