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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BrokerProcessIT {
    private static final TopicPartition PARTITION = new TopicPartition("facts", 0);

    @TempDir
    Path folder;

    private BrokerProcess broker;

    @BeforeEach
    void start_a_broker() {
        broker = BrokerProcess.start(BrokerConfig.in(folder.resolve("broker")));
    }

    @AfterEach
    void stop_the_broker() {
        broker.close();
    }

    @Test
    void an_acknowledged_record_survives_kill_and_restart_on_the_same_port() throws Exception {
        createTopic();
        write("before");

        broker.kill();
        assertThat(broker.isRunning()).isFalse();
        broker.start();
        write("after");

        assertThat(read(2)).containsExactly("before", "after");
    }

    @Test
    void a_transaction_commits_on_one_broker() throws Exception {
        createTopic();
        try (KafkaProducer<String, String> producer = producer(Map.of("transactional.id", "writer"))) {
            producer.initTransactions();
            producer.beginTransaction();
            Future<RecordMetadata> sent = producer.send(new ProducerRecord<>("facts", "committed"));
            producer.commitTransaction();
            assertThat(sent).isDone();
        }

        assertThat(read(1)).containsExactly("committed");
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
        assertThatThrownBy(() -> write("nowhere"))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("facts");
    }

    @Test
    void a_second_broker_on_the_same_data_fails_with_the_cause_and_the_log() {
        BrokerConfig second = BrokerConfig.in(broker.config().folder()).withLogFile(folder.resolve("second.log"));

        assertThatThrownBy(() -> BrokerProcess.start(second))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("Another broker uses the data in")
                .hasMessageContaining("second.log");
    }

    private void createTopic() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("facts", 1, (short) 1)))
                    .all()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private void write(String value) throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of("max.block.ms", 2_000))) {
            producer.send(new ProducerRecord<>("facts", value)).get(10, TimeUnit.SECONDS);
        }
    }

    private KafkaProducer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    private List<String> read(int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
