package dev.annals.command.retention;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.CloudEventHeaders;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.Topics;
import dev.annals.service.Worker;
import dev.annals.service.Workers;
import dev.annals.service.kafka.ServiceRights;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retention by age for one type: once in a while a {@link RetentionScan} of each partition of its events finds the
 * aggregates that need a summary, to which the domain's command for it is sent, and the events that have expired, which
 * are erased by tombstones. The instances share the partitions as a consumer group does; that two of them read the same
 * one does no harm, since a command is told by its id, and an event can be erased twice.
 *
 * <p>A thread of its own; the methods are thread-safe.
 */
public final class RetentionWorker implements AutoCloseable {

    /** Of each question to Kafka, and of each record's writing. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(200);

    /** A partition from which nothing comes for so long is left to the next pass. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /** From when a partition has come until it is first read. */
    private static final Duration SETTLING = Duration.ofMinutes(1);

    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);
    private static final int RECORDS_A_POLL = 5_000;

    /** About 200 bytes each. */
    private static final int MOST_AGGREGATES = 200_000;

    /** Commands sent for one partition in one pass. */
    private static final int MOST_SUMMARIES = 10_000;

    /**
     * Thousands at a time whose keys are alike: compressed, they need hardly any of the space that the events give
     * back. Any client can read gzip.
     */
    private static final Map<String, Object> TOMBSTONES =
            Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip", ProducerConfig.BATCH_SIZE_CONFIG, 1 << 17);

    private static final String SOURCE = "/annals/retention";
    private static final Logger LOG = LoggerFactory.getLogger(RetentionWorker.class);

    private final AggregateBinding<?, ?, ?> type;
    private final Retention retention;
    private final Duration interval;
    private final Topics topics;
    private final InstantSource clock;
    private final @Nullable GenericRecord summarize;
    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final Serializer<Object> serializer;
    private final Worker worker;

    /** By {@link System#nanoTime}, when each partition is read next. */
    private final Map<TopicPartition, Long> due = new HashMap<>();

    private final AtomicLong expired = new AtomicLong();
    private final AtomicLong requested = new AtomicLong();

    /** @param interval between two passes */
    public RetentionWorker(
            Retention retention,
            Duration interval,
            Topics topics,
            AvroSerdes serdes,
            Map<String, Object> kafka,
            InstantSource clock,
            Workers workers) {
        String name = retention.type().type().name();
        KafkaClients clients = new KafkaClients(kafka, LIMIT);
        this.type = retention.type();
        this.retention = retention;
        this.interval = interval;
        this.topics = topics;
        this.clock = clock;
        this.summarize = summarize(type);
        this.consumer = clients.consumer(Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                ServiceRights.retentionGroup(topics, name),
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                RECORDS_A_POLL));
        this.producer = clients.producer(TOMBSTONES);
        this.serializer = serdes.newSerializer();
        this.worker = workers.worker("retention-" + name, this::round)
                .endsWithin(CLOSE_LIMIT, consumer::wakeup)
                .atEnd(() -> {
                    consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
                    producer.close(CLOSE_LIMIT);
                    serializer.close();
                });
    }

    private static <C> @Nullable GenericRecord summarize(AggregateBinding<C, ?, ?> type) {
        C command = type.type().decider().summarize();
        return command == null ? null : type.commandToAvro(command);
    }

    public void start() {
        consumer.subscribe(List.of(topics.events(type.type().name())));
        worker.start();
    }

    /** How many events this instance has erased by their age. */
    public long expired() {
        return expired.get();
    }

    /** How many summaries it has asked for. */
    public long requested() {
        return requested.get();
    }

    private Duration round() {
        stayInGroup();
        passWhereDue();
        return Duration.ZERO;
    }

    /** Nothing is read in between. */
    private void stayInGroup() {
        try {
            consumer.poll(POLL);
            consumer.pause(consumer.assignment());
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.atDebug().setCause(e).log("Kafka is away");
        }
    }

    /** A partition that has come may go again at once, as when instances are replaced one by one. */
    private void passWhereDue() {
        due.keySet().retainAll(consumer.assignment());
        for (TopicPartition partition : Set.copyOf(consumer.assignment())) {
            long now = System.nanoTime();
            long next = due.computeIfAbsent(partition, any -> now + atMost(SETTLING));
            if (now - next >= 0) {
                boolean done = isPassed(partition);
                due.put(partition, System.nanoTime() + (done ? interval.toNanos() : atMost(AFTER_FAILURE)));
            }
        }
    }

    private long atMost(Duration limit) {
        return Math.min(interval.toNanos(), limit.toNanos());
    }

    private boolean isPassed(TopicPartition partition) {
        try {
            pass(partition);
            return true;
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (RuntimeException e) { // of Kafka or the registry, or a bug: neither ends this
            LOG.atWarn()
                    .addKeyValue("partition", partition)
                    .setCause(e)
                    .log("old events could not be looked at, or not all be erased; trying again");
            return false;
        }
    }

    private void pass(TopicPartition partition) {
        Instant now = clock.instant();
        int slices = 1;
        int slice = 0;
        while (slice < slices) {
            RetentionScan scan = read(
                    partition,
                    new RetentionScan.Limits(
                            now.minus(retention.age()),
                            now.minus(retention.summaryAge()),
                            slice,
                            slices,
                            MOST_AGGREGATES));
            if (scan == null) {
                return; // another instance has it now
            }
            if (scan.isFull()) {
                slices *= 2; // begun anew: what was done is found to be done
                slice = 0;
            } else {
                write(partition, scan);
                slice++;
            }
        }
    }

    private @Nullable RetentionScan read(TopicPartition partition, RetentionScan.Limits limits) {
        if (!consumer.assignment().contains(partition)) {
            return null;
        }
        RetentionScan scan = new RetentionScan(limits, type::isSummary);
        Set<TopicPartition> one = Set.of(partition);
        long end = consumer.endOffsets(one, LIMIT).getOrDefault(partition, 0L);
        consumer.pause(consumer.assignment());
        consumer.seekToBeginning(one);
        consumer.resume(one);
        long heard = System.nanoTime();
        try {
            while (!scan.isFull() && consumer.position(partition, LIMIT) < end) {
                List<ConsumerRecord<byte[], byte[]>> records =
                        consumer.poll(POLL).records(partition);
                if (!consumer.assignment().contains(partition)) {
                    return null;
                }
                records.forEach(scan::take);
                if (!records.isEmpty()) {
                    heard = System.nanoTime();
                } else if (System.nanoTime() - heard > SILENCE.toNanos()) {
                    throw new KafkaException("nothing comes of %s any more, at offset %d of %d"
                            .formatted(partition, consumer.position(partition, LIMIT), end));
                }
            }
            return scan;
        } finally {
            consumer.pause(consumer.assignment());
        }
    }

    private void write(TopicPartition partition, RetentionScan scan) {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        long[] erased = {0};
        scan.forEachExpired((event, summary) -> {
            send(tombstone(partition, event, summary), failure);
            erased[0]++;
        });
        List<ProducerRecord<byte[], byte[]>> commands = commands(scan);
        commands.forEach(command -> send(command, failure));
        producer.flush(); // ends: each record has a limit
        Exception first = failure.get();
        if (first != null) {
            throw new KafkaException("not all could be written", first);
        }
        expired.addAndGet(erased[0]);
        requested.addAndGet(commands.size());
        if (erased[0] > 0 || !commands.isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("partition", partition)
                    .addKeyValue("events", erased[0])
                    .addKeyValue("summaries", commands.size())
                    .log("expired events erased, summaries asked for");
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record, AtomicReference<@Nullable Exception> failure) {
        if (failure.get() == null) {
            var unused = producer.send(record, (metadata, e) -> {
                if (e != null) {
                    failure.compareAndSet(null, e);
                }
            });
        }
    }

    private static ProducerRecord<byte[], byte[]> tombstone(TopicPartition partition, EventKey event, long summary) {
        Headers headers = new RecordHeaders();
        HeaderName.EXPIRED.put(headers, Long.toString(summary));
        return new ProducerRecord<>(partition.topic(), partition.partition(), event.toBytes(), null, headers);
    }

    private List<ProducerRecord<byte[], byte[]>> commands(RetentionScan scan) {
        List<ProducerRecord<byte[], byte[]>> commands = new ArrayList<>();
        GenericRecord command = summarize;
        if (command != null) {
            scan.forEachUnsummarized((id, version) -> {
                if (commands.size() < MOST_SUMMARIES) {
                    commands.add(command(command, id, version));
                }
            });
        }
        return commands;
    }

    /** The same of the same events, so that it takes effect once, however often it is sent. */
    private ProducerRecord<byte[], byte[]> command(GenericRecord command, String aggregateId, long version) {
        String topic = topics.commands(type.type().name());
        Headers headers = CloudEventHeaders.ofCommand(
                "annals-summarize/" + version, command.getSchema().getFullName(), SOURCE, clock.instant());
        byte[] key = aggregateId.getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic, null, key, serializer.serialize(topic, headers, command), headers);
    }

    @Override
    public void close() {
        worker.close();
    }
}
