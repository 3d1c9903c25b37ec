package dev.annals.operations.verify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.json.AvroToJson;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.kafka.Tombstones;
import dev.annals.operations.verify.TypeReport.Finding;
import dev.annals.operations.verify.TypeReport.Finding.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * One reading of all events of a type, or journals of a process, from the first to the last: are versions complete, is
 * each command there once and in one place, and what is the hash of all.
 *
 * <p>The hash is SHA-256 over, for each aggregate in the order of its id's UTF-8 bytes: the length of the id (4 bytes,
 * big-endian), the id, and the aggregate's chain: from 32 zero bytes on, for each event in the order of versions,
 * SHA-256 of the chain and the {@link #contentHash} of the event. Erased events are not in it, whether or not their
 * tombstones have been cleaned away.
 *
 * <p>An event that was replaced or erased by a later record must be known before the chain comes to it, and an id that
 * looks doubled is told from its neighbours only with the places of both: then a second reading is needed
 * ({@link #another}), which is given what the first has found. Keeps about 200 bytes an aggregate and 8 a command, no
 * events. Mutable, for one thread.
 */
final class StreamsReading {

    private static final int HASH_BYTES = 32;
    private static final String CLOUD_EVENTS = "ce_";

    private final RecordDecoder decoder;
    private final Duration idsKept;
    private final Findings findings;

    /**
     * What the last record of a key says where there are several: the hash of the event, or null where it is erased.
     */
    private final Map<EventKey, byte @Nullable []> replaced;

    private final Set<Long> suspects;
    private final boolean first;

    private final Map<String, Stream> streams = new HashMap<>();
    private final Map<Integer, String> lastInPartition = new HashMap<>();
    private final Gaps gaps = new Gaps();

    /** Eight bytes for each id, so millions fit; what looks doubled then is to be looked at again. */
    private final LongStream.Builder commandIds = LongStream.builder();

    private final Map<String, Effect> effects = new HashMap<>();
    private final Map<EventKey, byte @Nullable []> replacements = new HashMap<>();
    private long events;
    private long erased;
    private long expired;

    /** All are counted, the first are kept. */
    private static final class Findings {
        private final int most;
        private final List<Finding> first = new ArrayList<>();
        private long count;

        Findings(int most) {
            this.most = most;
        }

        void add(Kind kind, String key, String text) {
            count++;
            if (first.size() < most) {
                first.add(new Finding(kind, key, text));
            }
        }
    }

    /** Where a command took effect. */
    private record Effect(EventKey key, long timestamp) {}

    /** Of one aggregate. */
    private static final class Stream {
        private long version;
        private long events;
        private byte[] chain = new byte[HASH_BYTES];
        private @Nullable String command;
    }

    private StreamsReading(
            RecordDecoder decoder,
            Duration idsKept,
            Findings findings,
            Map<EventKey, byte @Nullable []> replaced,
            Set<Long> suspects,
            boolean first) {
        this.decoder = decoder;
        this.idsKept = idsKept;
        this.findings = findings;
        this.replaced = replaced;
        this.suspects = suspects;
        this.first = first;
    }

    /** @param idsKept how long a command id keeps a repeat from taking effect; later, it may again */
    static StreamsReading first(RecordDecoder decoder, Duration idsKept, int mostFindings) {
        return new StreamsReading(decoder, idsKept, new Findings(mostFindings), Map.of(), Set.of(), true);
    }

    /** The second reading; null if none is needed. To be asked once. */
    @Nullable
    StreamsReading another() {
        long[] hashes = commandIds.build().sorted().toArray();
        Set<Long> doubled = IntStream.range(1, hashes.length)
                .filter(i -> hashes[i] == hashes[i - 1])
                .mapToObj(i -> hashes[i])
                .collect(Collectors.toSet());
        return replacements.isEmpty() && doubled.isEmpty()
                ? null
                : new StreamsReading(decoder, idsKept, findings, replacements, doubled, false);
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
        EventKey key;
        try {
            key = EventKey.parse(Objects.requireNonNullElse(record.key(), new byte[0]));
        } catch (IllegalArgumentException e) {
            RecordPlace place = new RecordPlace(record.topic(), record.partition(), record.offset());
            find(Kind.UNREADABLE, place.toString(), "expected the key of an event: " + e.getMessage());
            return;
        }
        Stream stream = streams.computeIfAbsent(key.aggregateId(), id -> new Stream());
        if (key.version() <= stream.version) {
            repeated(key, record);
        } else if (!Tombstones.isExpired(record.value(), record.headers())) {
            next(key, stream, record);
        }
        lastInPartition.put(record.partition(), key.aggregateId());
    }

    private void next(EventKey key, Stream stream, ConsumerRecord<byte[], byte[]> record) {
        if (key.version() > stream.version + 1) {
            gaps.open(key.aggregateId(), stream.version + 1, key.version() - 1);
        }
        stream.version = key.version();
        if (isSummary(record)) {
            expired += gaps.cover(key.aggregateId(), key.version());
        }
        byte[] hash = last(key, hash(key, record));
        if (record.value() != null && decoder.isCausedOnce()) {
            command(key, stream, record);
        }
        if (hash == null) {
            erased++;
            return;
        }
        events++;
        stream.events++;
        MessageDigest digest = ContentHash.sha256();
        digest.update(stream.chain);
        stream.chain = digest.digest(hash);
    }

    /**
     * The hash of what the last record of the key says: the same event may be written again, or be erased, but not be
     * another.
     */
    private byte @Nullable [] last(EventKey key, byte @Nullable [] written) {
        if (!replaced.containsKey(key)) {
            return written;
        }
        byte[] last = replaced.get(key);
        if (last != null && !Arrays.equals(last, written)) {
            findings.add(Kind.DOUBLED_VERSION, key.toString(), "written again, with another content");
        }
        return last;
    }

    /**
     * A version that was there before: erased now, or written again. Or a tombstone that stands behind later events.
     */
    private void repeated(EventKey key, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null && gaps.explain(key.aggregateId(), key.version())) {
            erased++;
        } else if (first && !gaps.isCovered(key.aggregateId(), key.version())) {
            replacements.put(key, hash(key, record));
        }
    }

    private byte @Nullable [] hash(EventKey key, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return null;
        }
        try {
            return contentHash(key, decoder.avro(record), record.headers());
        } catch (SerializationException e) {
            if (RegistryFailures.mayPass(e)) {
                throw e;
            }
            find(Kind.UNREADABLE, key.toString(), RegistryFailures.describe(e));
            return ContentHash.sha256().digest(record.value());
        }
    }

    /**
     * SHA-256 of the content of an event, without anything of the installation that it stands in: canonical JSON of its
     * key, the name of the record with which it was written, the record's fields as written, and its {@code ce_}
     * headers. No schema id, partition, offset or time of arrival.
     */
    private static byte[] contentHash(EventKey key, IndexedRecord event, Headers headers) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("key", key.toString()).put("type", event.getSchema().getFullName());
        content.set("data", AvroToJson.toTree(event));
        ObjectNode kept = content.putObject("headers");
        for (Header header : headers) {
            if (header.key().startsWith(CLOUD_EVENTS) && header.value() != null) {
                kept.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return ContentHash.sha256().digest(ContentHash.utf8(CanonicalJson.of(content)));
    }

    private boolean isSummary(ConsumerRecord<byte[], byte[]> record) {
        String type = HeaderName.TYPE.in(record.headers());
        return record.value() != null && type != null && decoder.isSummary(type);
    }

    private void command(EventKey key, Stream stream, ConsumerRecord<byte[], byte[]> record) {
        String command = HeaderName.CAUSATION_ID.in(record.headers());
        if (command != null && command.equals(stream.command)) {
            if (!key.aggregateId().equals(lastInPartition.get(record.partition()))) {
                find(
                        Kind.SCATTERED_COMMAND,
                        key.toString(),
                        "others' events stand before it in its partition, amid those of command " + command);
            }
        } else if (command != null) {
            begins(key, command, record.timestamp());
        }
        stream.command = command;
    }

    private void begins(EventKey key, String command, long timestamp) {
        String id = key.aggregateId() + "/" + command; // the same id on two aggregates is two commands
        long hash = ByteBuffer.wrap(ContentHash.sha256().digest(ContentHash.utf8(id)))
                .getLong();
        if (first) {
            commandIds.add(hash);
        } else if (suspects.contains(hash)) {
            Effect earlier = effects.put(id, new Effect(key, timestamp));
            if (earlier != null && timestamp - earlier.timestamp <= idsKept.toMillis()) {
                findings.add(
                        Kind.DOUBLED_COMMAND,
                        key.toString(),
                        "command %s took effect at %s already".formatted(command, earlier.key));
            }
        }
    }

    /** Each once, though read twice. */
    private void find(Kind kind, String key, String text) {
        if (first) {
            findings.add(kind, key, text);
        }
    }

    /** After the last reading, once: what is missing then, is missing. */
    TypeReport report(String type) {
        gaps.forEach((id, from, to) -> findings.add(Kind.GAP, id, "versions %d to %d are missing".formatted(from, to)));
        ContentHash chains = new ContentHash();
        streams.forEach((id, stream) -> {
            if (stream.events > 0) {
                chains.put(id, stream.chain);
            }
        });
        return new TypeReport(
                type, events, erased, expired, chains.size(), chains.hex(), findings.count, findings.first);
    }
}
