package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.annals.service.Workers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A watch that is made to ask; {@code KafkaWatchIT} lets it ask a broker. */
class KafkaWatchTest {

    private final TimeoutException silence = new TimeoutException("no node");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(KafkaWatch.class);
    private @Nullable RuntimeException failure;
    private Instant now = Instant.EPOCH;
    private final KafkaWatch watch =
            new KafkaWatch(this::answer, failure -> "it is off", () -> now, meters, new Workers(meters));

    private void answer() throws ExecutionException {
        if (failure != null) {
            throw new ExecutionException(failure);
        }
    }

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop_listening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    private void ask(int times, @Nullable RuntimeException with) throws InterruptedException {
        failure = with;
        for (int i = 0; i < times; i++) {
            watch.ask();
        }
    }

    private double gauge() {
        return meters.get(KafkaWatch.METER).gauge().value();
    }

    @Test
    void one_question_that_is_not_answered_is_nothing() throws InterruptedException {
        ask(1, silence);
        ask(1, null);
        ask(1, silence);

        assertThat(watch.reasonsAgainst()).isEmpty();
        assertThat(watch.explain("why")).isEqualTo("why");
        assertThat(gauge()).isOne();
        assertThat(lines.list).isEmpty();
    }

    @Test
    void silence_is_told_once_with_why_and_since_when() throws InterruptedException {
        now = Instant.ofEpochSecond(10);
        ask(1, null);
        now = Instant.ofEpochSecond(20);
        ask(50, silence);

        assertThat(watch.reasonsAgainst())
                .containsExactly("Kafka does not answer since 1970-01-01T00:00:10Z: it is off");
        assertThat(watch.explain("why")).isEqualTo("Kafka does not answer: why");
        assertThat(gauge()).isZero();
        assertThat(lines.list).extracting(ILoggingEvent::getMessage).containsExactly("Kafka does not answer");
    }

    @Test
    void the_first_answer_ends_it() throws InterruptedException {
        ask(5, silence);
        ask(5, null);
        ask(1, silence);

        assertThat(watch.reasonsAgainst()).isEmpty();
        assertThat(gauge()).isOne();
        assertThat(lines.list)
                .extracting(ILoggingEvent::getMessage)
                .containsExactly("Kafka does not answer", "Kafka answers again");
    }

    @Test
    void what_already_says_so_is_not_told_twice() throws InterruptedException {
        ask(5, silence);

        assertThat(watch.explain("the lag is unknown: Kafka does not answer"))
                .isEqualTo("the lag is unknown: Kafka does not answer");
    }

    @Test
    void a_client_that_waited_in_vain_was_not_answered_but_one_that_was_told_of_no_topic_was() {
        assertThat(KafkaWatch.reason(new ExecutionException(silence))).isEqualTo("Kafka does not answer");
        assertThat(KafkaWatch.reason(new TimeoutException(
                        "Topic x not present in metadata", new UnknownTopicOrPartitionException("no x"))))
                .isEqualTo("Topic x not present in metadata");
        assertThat(KafkaWatch.reason(new ExecutionException(new AuthorizationException("not you"))))
                .isEqualTo("not you");
    }

    @Test
    void a_broker_that_refuses_answers() throws InterruptedException {
        ask(5, new AuthorizationException("not you"));

        assertThat(watch.reasonsAgainst()).isEmpty();
    }
}
