package dev.annals.service.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.service.StartupException;
import dev.annals.service.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * With how many partitions the topics of each aggregate type, and the journal of each process, were made, which topic
 * has the events or the journal, and when each process began: a topic of one partition, key: the name, value:
 * {@code {"partitions":4}}; of a beginning the name with {@code .from} after it, and
 * {@code {"partitions":4,"from":"2026-12-01T10:00:00Z"}}; of one that was restored the same with {@code .restored},
 * which goes before any other; of the number of lanes of an aggregate type the name with {@code .lanes} after it, and
 * {@code {"partitions":4,"lanes":2}}; of a topic's id the name with {@code .id} after it, and
 * {@code {"partitions":4,"id":"cbpsS0w_SICtkMexUZgcIg"}}; of the id of a schema in the registry the id with
 * {@code .schema} after it, and {@code {"partitions":1,"schema":"5f1c…"}}, its fingerprint. The first right record of a
 * key counts, for ever, so services that write at the same time agree by reading back; that is why the topic is kept
 * and not compacted, which would keep the last.
 */
public final class PartitionCatalog {

    private static final String PARTITIONS = "partitions";
    private static final String FROM = "from";
    private static final String LANES = "lanes";
    private static final String ID = "id";
    private static final String SCHEMA = "schema";

    /** No aggregate type or process is called so: names have no dots. */
    private static final String BEGINNING = ".from";

    private static final String RESTORED = ".restored";
    private static final String OF_LANES = ".lanes";
    private static final String TOPIC_ID = ".id";
    private static final String OF_SCHEMA = ".schema";

    private static final int ONLY_PARTITION = 0;
    private static final Duration POLL = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(PartitionCatalog.class);

    private final String topic;
    private final KafkaClients clients;
    private final Duration limit;

    /**
     * @param kafka settings of the clients; what they don't know is left out
     * @param limit of one reading and of one writing
     */
    public PartitionCatalog(String topic, Map<String, Object> kafka, Duration limit) {
        this.topic = topic;
        this.clients = new KafkaClients(kafka, limit);
        this.limit = limit;
    }

    /**
     * What is recorded; of each the first record that came.
     *
     * @param partitions numbers of partitions, by aggregate type or process
     * @param lanes numbers of lanes, by aggregate type; of those that were decided on lanes
     * @param ids of the topics with the events or the journal, by type or process; of those recorded
     * @param beginnings since when events are a process's own, by its name; of those that have begun
     * @param schemas fingerprints of schemas, by their ids in the registry
     */
    public record Recorded(
            Map<String, Integer> partitions,
            Map<String, Integer> lanes,
            Map<String, String> ids,
            Map<String, Instant> beginnings,
            Map<Integer, String> schemas) {

        /** Of an installation that is not there yet. */
        static final Recorded NOTHING = new Recorded(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
    }

    /**
     * Reads the topic, once.
     *
     * @throws TimeoutException if the broker does not answer in time
     * @throws StartupException if there is a name of which no record can be read
     */
    public Recorded read() {
        Map<String, JsonNode> all = first();
        Map<String, Integer> partitions = new LinkedHashMap<>();
        Map<String, Integer> lanes = new LinkedHashMap<>();
        Map<String, String> ids = new LinkedHashMap<>();
        Map<String, Instant> beginnings = new LinkedHashMap<>();
        Map<Integer, String> schemas = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            if (!name.contains(".")) {
                partitions.put(name, value.get(PARTITIONS).intValue());
            } else if (name.endsWith(OF_LANES)) {
                lanes.put(without(OF_LANES, name), value.path(LANES).asInt());
            } else if (name.endsWith(TOPIC_ID)) {
                ids.put(without(TOPIC_ID, name), value.path(ID).asText());
            } else if (name.endsWith(BEGINNING)) {
                beginnings.putIfAbsent(without(BEGINNING, name), instant(value));
            } else if (name.endsWith(RESTORED)) {
                beginnings.put(without(RESTORED, name), instant(value));
            } else if (name.endsWith(OF_SCHEMA)) {
                schemas.put(
                        Integer.valueOf(without(OF_SCHEMA, name)),
                        value.path(SCHEMA).asText());
            }
        });
        return new Recorded(partitions, lanes, ids, beginnings, schemas);
    }

    private static String without(String ending, String name) {
        return name.substring(0, name.length() - ending.length());
    }

    private static Instant instant(JsonNode value) {
        return Instant.parse(value.path(FROM).asText());
    }

    private Map<String, JsonNode> first() {
        TopicPartition partition = new TopicPartition(topic, ONLY_PARTITION);
        Found found = new Found();
        try (Consumer<byte[], byte[]> consumer = clients.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Long end = consumer.endOffsets(List.of(partition)).get(partition);
            long deadline = System.nanoTime() + limit.toNanos();
            while (end != null && consumer.position(partition) < end) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("topic %s was not read to its end in time".formatted(topic));
                }
                consumer.poll(POLL).forEach(found::take);
            }
        }
        return found.first();
    }

    /**
     * Of each key the first record that can be read. Who could write there once must not stop every start for ever:
     * what can't be read is passed over where another record of its key can, and where its key is none of ours, which
     * nobody asks for. Where it is all that there is of a key, it stands for what must not be guessed.
     */
    static final class Found {

        /** Of what is recorded; it also stands in a line for a shell. */
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[a-z]+)?");

        private final Map<String, JsonNode> first = new LinkedHashMap<>();
        private final Map<String, ConsumerRecord<byte[], byte[]>> unreadable = new LinkedHashMap<>();

        void take(ConsumerRecord<byte[], byte[]> record) {
            String name = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
            JsonNode value = json(record.value());
            if (name != null && value != null && isRight(name, value)) {
                first.putIfAbsent(name, value);
                return;
            }
            LOG.atWarn()
                    .addKeyValue("place", new RecordPlace(record.topic(), record.partition(), record.offset()))
                    .addKeyValue("key", name)
                    .log("a record that no service has written is passed over");
            if (name != null && NAME.matcher(name).matches()) {
                unreadable.putIfAbsent(name, record);
            }
        }

        /** @throws StartupException if there is a key of which no record can be read */
        Map<String, JsonNode> first() {
            unreadable.keySet().removeAll(first.keySet());
            unreadable.forEach((name, record) -> {
                throw new StartupException(refusal(name, record));
            });
            return first;
        }

        private static String refusal(String name, ConsumerRecord<byte[], byte[]> record) {
            return ("topic %1$s, offset %2$d: the record of '%3$s' can't be read, and there is no other of it; nobody but the services may"
                            + " write there. Write what it should be behind it, with a tab between:"
                            + " printf '%3$s\\t{\"%4$s\":4}\\n' | kafka-console-producer.sh --bootstrap-server HOST:PORT --topic %1$s"
                            + " --property parse.key=true (for 4, what its topics have). Where nothing counts that stands before it,"
                            + " it can be deleted with all of that: kafka-delete-records.sh --bootstrap-server HOST:PORT"
                            + " --offset-json-file FILE, with this in FILE:"
                            + " {\"partitions\":[{\"topic\":\"%1$s\",\"partition\":%5$d,\"offset\":%6$d}],\"version\":1}")
                    .formatted(
                            record.topic(), record.offset(), name, PARTITIONS, record.partition(), record.offset() + 1);
        }

        private static boolean isRight(String name, JsonNode value) {
            if (!isCount(value.path(PARTITIONS))) {
                return false;
            }
            try {
                if (name.endsWith(OF_LANES)) {
                    return isCount(value.path(LANES));
                } else if (name.endsWith(TOPIC_ID)) {
                    return isText(value.path(ID));
                } else if (name.endsWith(BEGINNING) || name.endsWith(RESTORED)) {
                    return instant(value).isAfter(Instant.MIN);
                } else if (name.endsWith(OF_SCHEMA)) {
                    return Integer.parseInt(without(OF_SCHEMA, name)) >= 0 && isText(value.path(SCHEMA));
                }
                return true;
            } catch (DateTimeException | NumberFormatException e) {
                return false;
            }
        }

        private static boolean isCount(JsonNode number) {
            return number.isInt() && number.intValue() > 0;
        }

        private static boolean isText(JsonNode text) {
            return text.isTextual() && !text.textValue().isBlank();
        }
    }

    private static @Nullable JsonNode json(byte @Nullable [] value) {
        try {
            return value == null ? null : Json.mapper().readTree(value);
        } catch (IOException e) {
            return null; // No JSON: the caller passes over it.
        }
    }

    /**
     * Records numbers; where a type has one already, that one stays.
     *
     * @throws ExecutionException if the broker does not take them
     */
    void write(Map<String, Integer> partitions) throws ExecutionException, InterruptedException {
        Map<String, Map<String, Object>> values = new LinkedHashMap<>();
        partitions.forEach((name, count) -> values.put(name, Map.of(PARTITIONS, count)));
        writeAll(values);
    }

    /** Records numbers of lanes; where a type has one already, that one stays. Throws as {@link #write}. */
    void writeLanes(Map<String, Integer> partitions, Map<String, Integer> lanes)
            throws ExecutionException, InterruptedException {
        Map<String, Map<String, Object>> values = new LinkedHashMap<>();
        lanes.forEach((type, count) ->
                values.put(type + OF_LANES, Map.of(PARTITIONS, partitions.getOrDefault(type, count), LANES, count)));
        writeAll(values);
    }

    /** Records when processes began; where one has begun already, that stays. Throws as {@link #write}. */
    void writeBeginnings(Map<String, Integer> partitions, Map<String, Instant> beginnings)
            throws ExecutionException, InterruptedException {
        writeAll(BEGINNING, partitions, beginnings);
    }

    /**
     * Records that processes were restored, whose events are from then on their own; it goes before when they began.
     * Where one was restored already, that stays. Throws as {@link #write}.
     */
    public void writeRestored(Map<String, Integer> partitions, Map<String, Instant> beginnings)
            throws ExecutionException, InterruptedException {
        writeAll(RESTORED, partitions, beginnings);
    }

    private void writeAll(String how, Map<String, Integer> partitions, Map<String, Instant> beginnings)
            throws ExecutionException, InterruptedException {
        Map<String, Map<String, Object>> values = new LinkedHashMap<>();
        beginnings.forEach((process, from) -> values.put(
                process + how, Map.of(PARTITIONS, partitions.getOrDefault(process, 1), FROM, from.toString())));
        writeAll(values);
    }

    /** Records the ids of topics; where one is recorded already, that stays. Throws as {@link #write}. */
    void writeIds(Map<String, Integer> partitions, Map<String, String> ids)
            throws ExecutionException, InterruptedException {
        Map<String, Map<String, Object>> values = new LinkedHashMap<>();
        ids.forEach((name, id) ->
                values.put(name + TOPIC_ID, Map.of(PARTITIONS, partitions.getOrDefault(name, 1), ID, id)));
        writeAll(values);
    }

    /** Records what ids of schemas mean; where one is recorded already, that stays. Throws as {@link #write}. */
    void writeSchemas(Map<Integer, String> fingerprints) throws ExecutionException, InterruptedException {
        Map<String, Map<String, Object>> values = new LinkedHashMap<>();
        fingerprints.forEach(
                (id, fingerprint) -> values.put(id + OF_SCHEMA, Map.of(PARTITIONS, 1, SCHEMA, fingerprint)));
        writeAll(values);
    }

    private void writeAll(Map<String, Map<String, Object>> values) throws ExecutionException, InterruptedException {
        try (Producer<byte[], byte[]> producer = clients.producer(Map.of())) {
            for (Map.Entry<String, Map<String, Object>> each : values.entrySet()) {
                byte[] key = each.getKey().getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(topic, ONLY_PARTITION, key, json(each.getValue())))
                        .get();
            }
        }
    }

    private static byte[] json(Map<String, Object> value) {
        try {
            return Json.mapper().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and texts can always be written", e);
        }
    }
}
