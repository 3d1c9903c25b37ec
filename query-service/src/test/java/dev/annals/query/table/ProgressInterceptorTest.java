package dev.annals.query.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ProgressInterceptorTest {

    private static final int PARTITION = 2;

    private final Progress progress = Progress.ofActives();
    private final ProgressInterceptor interceptor = new ProgressInterceptor();

    private void consumed(String topic, long offset, long next) {
        TopicPartition partition = new TopicPartition(topic, PARTITION);
        interceptor.configure(Map.of(ProgressInterceptor.PROGRESS, progress, ProgressInterceptor.TOPIC, "rows"));
        var unused = interceptor.onConsume(new ConsumerRecords<>(
                Map.of(partition, List.of(new ConsumerRecord<>(topic, PARTITION, offset, new byte[1], new byte[1]))),
                Map.of(partition, new OffsetAndMetadata(next))));
    }

    @Test
    void a_table_is_as_far_as_its_own_topic_and_no_other() {
        progress.assigned(PARTITION);
        consumed("rows", 4, 5);
        progress.processed(PARTITION, 4, 0);
        consumed("kept-changelog", 3, 100); // behind it are markers

        assertThat(progress.next(PARTITION)).isEqualTo(5);
    }
}
