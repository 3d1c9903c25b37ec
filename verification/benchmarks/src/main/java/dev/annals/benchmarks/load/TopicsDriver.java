package dev.annals.benchmarks.load;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A client of a program's topics: a producer, and a consumer that sees only what is committed and knows its results by
 * the commands' ids.
 *
 * <p>One thread sends, the caller's reads. The latency of a command is from its start until its result was polled.
 */
final class TopicsDriver implements Driver, AutoCloseable {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int POLL_RECORDS = 5_000;
    private static final int RADIX = 10;

    /** Of the service's results so many are read once: all would be much of the clients' time. */
    private static final int SAMPLED = 64;

    private final Program program;
    private final String accountPrefix;
    private final String commands;
    private final String results;
    private final Values values;
    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> consumer;
    private int drives;

    TopicsDriver(
            KafkaClients clients, Topics topics, Program program, Values values, String accountPrefix, int linger) {
        this.program = program;
        this.accountPrefix = accountPrefix;
        this.commands = topics.commands(program.type());
        this.results = topics.results(program.type());
        this.values = values;
        this.producer = clients.producer(Map.of(
                ProducerConfig.LINGER_MS_CONFIG,
                linger,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) Installation.ANSWER_LIMIT.toMillis() + linger));
        this.consumer = clients.consumer(Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS));
        List<TopicPartition> partitions = consumer.partitionsFor(results).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
    }

    @Override
    public Recorder drive(Load load) {
        consumer.endOffsets(consumer.assignment()).forEach(consumer::seek);
        return new Drive(load, accountPrefix + drives++ + "-").run();
    }

    @Override
    public void close() {
        producer.close(CLOSE_LIMIT);
        consumer.close();
    }

    /** One load; its command ids are the prefix and a number. */
    private final class Drive {
        private final Load load;
        private final String idPrefix;
        private final byte[] idPrefixBytes;
        private final InFlight inFlight;
        private final Schedule schedule;
        private final Recorder recorder;
        private volatile @Nullable RuntimeException failure;

        Drive(Load load, String idPrefix) {
            this.load = load;
            this.idPrefix = idPrefix;
            this.idPrefixBytes = idPrefix.getBytes(StandardCharsets.UTF_8);
            this.inFlight = new InFlight(load.concurrency());
            this.schedule = new Schedule(load, System.nanoTime());
            this.recorder = new Recorder(schedule);
        }

        Recorder run() {
            Thread sender = Thread.ofPlatform().name("load-sender").daemon().start(this::send);
            while (sender.isAlive() || !inFlight.isEmpty()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (records.isEmpty()) {
                    inFlight.requireProgress();
                } else {
                    settle(records);
                }
                RuntimeException failed = failure;
                if (failed != null) {
                    throw failed;
                }
            }
            return recorder;
        }

        private void send() {
            try {
                List<Header> headers = headers();
                byte[] value = values.of(program, load.kind());
                for (long i = 0; schedule.has(i, System.nanoTime()); i++) {
                    inFlight.awaitPlace();
                    inFlight.add(i, schedule.await(i));
                    send(i, value, headers);
                }
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        private void send(long number, byte[] value, List<Header> headers) {
            List<Header> all = new ArrayList<>(headers);
            all.add(new RecordHeader(HeaderName.ID.key(), (idPrefix + number).getBytes(StandardCharsets.UTF_8)));
            byte[] account = (accountPrefix + load.account(number)).getBytes(StandardCharsets.UTF_8);
            var unused =
                    producer.send(new ProducerRecord<>(commands, null, account, value, all), (metadata, failed) -> {
                        if (failed != null) {
                            failure = new LoadException("a command can't be sent: " + failed.getMessage(), failed);
                        }
                    });
        }

        private List<Header> headers() {
            return List.of(
                    header(HeaderName.SPEC_VERSION, HeaderName.CLOUD_EVENTS_VERSION),
                    header(HeaderName.TYPE, load.kind().fullName()),
                    header(HeaderName.SOURCE, "/annals/load"),
                    header(HeaderName.TIME, Instant.now().toString()));
        }

        private static Header header(HeaderName name, String value) {
            return new RecordHeader(name.key(), value.getBytes(StandardCharsets.UTF_8));
        }

        private void settle(ConsumerRecords<byte[], byte[]> records) {
            long now = System.nanoTime();
            int settled = 0;
            for (ConsumerRecord<byte[], byte[]> record : records) {
                long number = number(record);
                long start = number < 0 ? InFlight.NONE : inFlight.take(number);
                if (start != InFlight.NONE) {
                    recorder.record(start, now);
                    settled++;
                    requireAccepted(number, record);
                }
            }
            inFlight.leave(settled);
        }

        /** Of the command, or -1 where the result is another's. */
        private long number(ConsumerRecord<byte[], byte[]> record) {
            Header cause = record.headers().lastHeader(HeaderName.CAUSATION_ID.key());
            if (cause == null || !isOurs(cause.value())) {
                return -1;
            }
            long number = 0;
            for (int i = idPrefixBytes.length; i < cause.value().length; i++) {
                number = number * RADIX + cause.value()[i] - '0';
            }
            return number;
        }

        private boolean isOurs(byte[] id) {
            int length = idPrefixBytes.length;
            return id.length > length && Arrays.equals(id, 0, length, idPrefixBytes, 0, length);
        }

        private void requireAccepted(long number, ConsumerRecord<byte[], byte[]> record) {
            if (program == Program.FLOOR || (number % SAMPLED != 0 && !load.isCounted())) {
                return;
            }
            CommandResult result = values.result(results, Objects.requireNonNull(record.value()));
            if (result.outcome() != Outcome.ACCEPTED || result.replayed()) {
                throw new LoadException("a command was not accepted: " + result);
            }
        }
    }
}
