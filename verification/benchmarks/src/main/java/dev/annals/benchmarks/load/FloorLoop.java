package dev.annals.benchmarks.load;

import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Consume, transform, produce, in one transaction a poll: the least that gives events and results exactly once.
 *
 * <p>It has no registry, no command ids to remember, no expected versions, no dead letters, no restore: its state is a
 * hash map that is lost with the process; a command is a number to add. So it is a lower bound, and no alternative. Its
 * events have the service's keys and values of as many bytes, but no headers; its results have the command's id as
 * their only header.
 */
final class FloorLoop implements Runnable {

    static final int DEFAULT_POLL_RECORDS = 2_000;

    /** What {@code annals.CommandResult} takes for a deposit: the size that was seen, in the Confluent wire format. */
    private static final int RESULT_BYTES = 96;

    private static final Duration POLL = Duration.ofMillis(500);
    private static final int VERSION_DIGITS = 19;

    /**
     * A transaction that begins before the markers of the last are written is refused once; the default, 100 ms, would
     * be felt.
     */
    private static final int RETRY_BACKOFF_MILLIS = 5;

    private static final class Account {
        private long balance;
        private long version;
    }

    private final String commands;
    private final String events;
    private final String results;
    private final Consumer<String, byte[]> consumer;
    private final Producer<String, byte[]> producer;
    private final Map<String, Account> accounts = new HashMap<>();

    FloorLoop(String bootstrap, Topics topics, int number, int linger, int pollRecords) {
        String type = Program.FLOOR.type();
        this.commands = topics.commands(type);
        this.events = topics.events(type);
        this.results = topics.results(type);
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        topics.prefix() + "annals-floor",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        pollRecords),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.prefix() + "annals-floor-" + number,
                        ProducerConfig.ACKS_CONFIG, "all",
                        ProducerConfig.LINGER_MS_CONFIG, linger,
                        ProducerConfig.RETRY_BACKOFF_MS_CONFIG, RETRY_BACKOFF_MILLIS),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @Override
    public void run() {
        producer.initTransactions();
        consumer.subscribe(List.of(commands));
        while (!Thread.currentThread().isInterrupted()) {
            ConsumerRecords<String, byte[]> batch = consumer.poll(POLL);
            if (!batch.isEmpty()) {
                producer.beginTransaction();
                batch.forEach(this::handle);
                producer.sendOffsetsToTransaction(batch.nextOffsets(), consumer.groupMetadata());
                producer.commitTransaction();
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The commit fails when a send has failed.
    private void handle(ConsumerRecord<String, byte[]> command) {
        String id = command.key();
        Account account = accounts.computeIfAbsent(id, unused -> new Account());
        account.balance += ByteBuffer.wrap(command.value()).getLong();
        account.version++;
        producer.send(
                new ProducerRecord<>(events, command.partition(), eventKey(id, account.version), command.value()));
        producer.send(new ProducerRecord<>(results, command.partition(), id, result(account), causedBy(command)));
    }

    private static String eventKey(String id, long version) {
        String digits = Long.toString(version);
        return id + '/' + "0".repeat(VERSION_DIGITS - digits.length()) + digits;
    }

    private static byte[] result(Account account) {
        return ByteBuffer.allocate(RESULT_BYTES)
                .putLong(account.version)
                .putLong(account.balance)
                .array();
    }

    private static List<Header> causedBy(ConsumerRecord<String, byte[]> command) {
        byte[] id = command.headers().lastHeader(HeaderName.ID.key()).value();
        return List.of(new RecordHeader(HeaderName.CAUSATION_ID.key(), id));
    }
}
