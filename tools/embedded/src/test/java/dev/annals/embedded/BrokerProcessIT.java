package dev.annals.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One broker for all: each test leaves it running, and has a topic of its own. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@TestInstance(Lifecycle.PER_CLASS)
class BrokerProcessIT {

    private final AtomicInteger topics = new AtomicInteger();
    private final Path folder;
    private final BrokerProcess broker;

    BrokerProcessIT(@TempDir Path folder) {
        this.folder = folder;
        this.broker = BrokerProcess.start(BrokerConfig.in(folder.resolve("broker")));
    }

    @AfterAll
    void stop_the_broker() {
        broker.close();
    }

    @Test
    void an_acknowledged_record_survives_kill_and_restart_on_the_same_port() throws Exception {
        String topic = createTopic();
        write(topic, "before");

        broker.kill();
        assertThat(broker.isRunning()).isFalse();
        broker.start();
        write(topic, "after");

        assertThat(read(topic, 2)).containsExactly("before", "after");
    }

    @Test
    void a_transaction_commits_on_one_broker() throws Exception {
        String topic = createTopic();
        try (KafkaProducer<String, String> producer = producer(Map.of("transactional.id", "writer"))) {
            producer.initTransactions();
            producer.beginTransaction();
            Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(topic, "committed"));
            producer.commitTransaction();
            assertThat(sent).isDone();
        }

        assertThat(read(topic, 1)).containsExactly("committed");
    }

    @Test
    void a_paused_broker_does_not_answer_until_it_is_resumed() {
        broker.pause();
        assertThat(BrokerProcess.answers(broker.config().port())).isFalse();

        broker.resume();
        assertThat(BrokerProcess.answers(broker.config().port())).isTrue();
    }

    @Test
    void topics_are_not_made_by_mistake() {
        assertThatThrownBy(() -> write("nowhere", "lost"))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void a_second_broker_on_the_same_data_fails_with_the_cause_and_the_log() {
        BrokerConfig second = BrokerConfig.in(broker.config().folder()).withLogFile(folder.resolve("second.log"));

        assertThatThrownBy(() -> BrokerProcess.start(second))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("Another broker uses the data in")
                .hasMessageContaining("second.log");
    }

    private String createTopic() throws Exception {
        String name = "facts-" + topics.incrementAndGet();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(10, TimeUnit.SECONDS);
        }
        return name;
    }

    private void write(String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of("max.block.ms", 2_000))) {
            producer.send(new ProducerRecord<>(topic, value)).get(10, TimeUnit.SECONDS);
        }
    }

    private KafkaProducer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    private List<String> read(String topic, int count) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
