package dev.annals.benchmarks.load;

import dev.annals.engine.kafka.EventKey;
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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The floor, in a JVM of its own. Consume, transform, produce, in one transaction a poll: the least that gives events
 * and results exactly once.
 *
 * <p>It has no registry, no command ids to remember, no expected versions, no dead letters, no restore: its state is a
 * hash map that is lost with the process; a command is a number to add. So it is a lower bound, and no alternative. Its
 * events have the service's keys and values of as many bytes, but no headers; its results have the command's id as
 * their only header.
 */
@Command(name = "floor", description = "A hand-written consume–transform–produce loop, the floor of the load program.")
final class FloorMain implements Runnable {

    private static final String TYPE = Program.FLOOR.type();
    private static final int POLL_RECORDS = 2_000;

    /** What {@code annals.CommandResult} takes for a deposit: the size that was seen, in the Confluent wire format. */
    private static final int RESULT_BYTES = 96;

    private static final Duration POLL = Duration.ofMillis(500);

    /**
     * A transaction that begins before the markers of the last are written is refused once; the default, 100 ms, would
     * be felt.
     */
    private static final int RETRY_BACKOFF_MILLIS = 5;

    private static final class Account {
        private long balance;
        private long version;
    }

    private final Map<String, Account> accounts = new HashMap<>();

    @Option(names = "--bootstrap", required = true)
    private String bootstrap = "";

    @Option(names = "--topics-prefix")
    private String prefix = "";

    public static void main(String[] args) {
        System.exit(new CommandLine(new FloorMain()).execute(args));
    }

    @Override
    public void run() {
        Topics topics = new Topics(prefix);
        String events = topics.events(TYPE);
        String results = topics.results(TYPE);
        try (Consumer<String, byte[]> consumer = newConsumer();
                Producer<String, byte[]> producer = newProducer()) {
            producer.initTransactions();
            consumer.subscribe(List.of(topics.commands(TYPE)));
            while (!Thread.currentThread().isInterrupted()) {
                ConsumerRecords<String, byte[]> batch = consumer.poll(POLL);
                if (!batch.isEmpty()) {
                    producer.beginTransaction();
                    batch.forEach(command -> handle(command, producer, events, results));
                    producer.sendOffsetsToTransaction(batch.nextOffsets(), consumer.groupMetadata());
                    producer.commitTransaction();
                }
            }
        }
    }

    private Consumer<String, byte[]> newConsumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        prefix + "annals-floor",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        POLL_RECORDS),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private Producer<String, byte[]> newProducer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        prefix + "annals-floor",
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                        RETRY_BACKOFF_MILLIS),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The commit fails when a send has failed.
    private void handle(
            ConsumerRecord<String, byte[]> command, Producer<String, byte[]> producer, String events, String results) {
        String id = command.key();
        Account account = accounts.computeIfAbsent(id, unused -> new Account());
        account.balance += ByteBuffer.wrap(command.value()).getLong();
        account.version++;
        producer.send(new ProducerRecord<>(
                events, command.partition(), new EventKey(id, account.version).toString(), command.value()));
        producer.send(new ProducerRecord<>(results, command.partition(), id, result(account), causedBy(command)));
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
