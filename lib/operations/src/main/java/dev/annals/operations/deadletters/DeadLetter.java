package dev.annals.operations.deadletters;

import dev.annals.engine.kafka.HeaderName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter without its value; what a header doesn't say is null. All texts are as received: any client may have
 * written them.
 *
 * @param position in the topic of the dead letters
 * @param time of the record that was received
 * @param key as text; bytes that are no UTF-8 are replaced
 */
public record DeadLetter(
        Position position,
        Instant time,
        @Nullable String key,
        @Nullable String reason,
        @Nullable String message,
        Origin origin,
        @Nullable String commandId,
        @Nullable String commandType) {

    /** By time, the oldest first. */
    static final Comparator<DeadLetter> BY_TIME = Comparator.comparing(DeadLetter::time)
            .thenComparingInt(letter -> letter.position().partition())
            .thenComparingLong(letter -> letter.position().offset());

    /** Partition and offset, as a person writes them: {@code 2:17} is offset 17 of partition 2. */
    public record Position(int partition, long offset) {

        private static final Pattern TEXT = Pattern.compile("(\\d{1,9}):(\\d{1,18})");

        /** @throws IllegalArgumentException if the text is none */
        public static Position parse(String text) {
            Matcher matcher = TEXT.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("expected PARTITION:OFFSET such as 2:17, got '%s'".formatted(text));
            }
            return new Position(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
        }

        @Override
        public String toString() {
            return partition + ":" + offset;
        }
    }

    /** Where the record was received; numbers stay the text that the headers have. */
    public record Origin(
            @Nullable String topic,
            @Nullable String partition,
            @Nullable String offset) {

        static Origin of(Headers headers) {
            return new Origin(
                    HeaderName.DEAD_LETTER_TOPIC.in(headers),
                    HeaderName.DEAD_LETTER_PARTITION.in(headers),
                    HeaderName.DEAD_LETTER_OFFSET.in(headers));
        }

        @Override
        public String toString() {
            return "%s %s:%s".formatted(topic, partition, offset);
        }
    }

    public static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        Headers headers = record.headers();
        return new DeadLetter(
                new Position(record.partition(), record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8),
                HeaderName.DEAD_LETTER_REASON.in(headers),
                HeaderName.DEAD_LETTER_MESSAGE.in(headers),
                Origin.of(headers),
                HeaderName.ID.in(headers),
                HeaderName.TYPE.in(headers));
    }
}
