package dev.annals.cli.deadletters;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.cli.client.Printable;
import dev.annals.engine.kafka.HeaderName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter without its value; what a header doesn't say is null.
 *
 * @param place in the topic of the dead letters
 * @param time of the record that was received
 * @param key as text; bytes that are no UTF-8 are replaced
 * @param origin topic, partition and offset where it was received, as the headers have them
 */
record DeadLetter(
        Place place,
        Instant time,
        @Nullable String key,
        @Nullable String reason,
        @Nullable String message,
        Origin origin,
        @Nullable String commandId,
        @Nullable String commandType) {

    /** By time, the oldest first. */
    static final Comparator<DeadLetter> BY_TIME = Comparator.comparing(DeadLetter::time)
            .thenComparingInt(letter -> letter.place().partition())
            .thenComparingLong(letter -> letter.place().offset());

    private static final String INDENT = "    ";

    /** Where the record was received; numbers stay the text that the headers have. */
    record Origin(
            @Nullable String topic,
            @Nullable String partition,
            @Nullable String offset) {

        static Origin of(Headers headers) {
            return new Origin(
                    HeaderName.DEAD_LETTER_TOPIC.in(headers),
                    HeaderName.DEAD_LETTER_PARTITION.in(headers),
                    HeaderName.DEAD_LETTER_OFFSET.in(headers));
        }

        static Origin of(String topic, Place place) {
            return new Origin(topic, Integer.toString(place.partition()), Long.toString(place.offset()));
        }
    }

    static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        Headers headers = record.headers();
        return new DeadLetter(
                new Place(record.partition(), record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8),
                HeaderName.DEAD_LETTER_REASON.in(headers),
                HeaderName.DEAD_LETTER_MESSAGE.in(headers),
                Origin.of(headers),
                HeaderName.ID.in(headers),
                HeaderName.TYPE.in(headers));
    }

    /** Three lines for a person. */
    List<String> lines() {
        String what = Stream.of(
                        named("key", key), named("command", commandId), Objects.requireNonNullElse(commandType, ""))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        return Stream.of(
                        "%s  %s  %s  %s".formatted(place, time, Objects.requireNonNullElse(reason, "?"), what),
                        INDENT + "received as %s %s:%s".formatted(origin.topic, origin.partition, origin.offset),
                        INDENT + Objects.requireNonNullElse(message, ""))
                .map(Printable::of)
                .toList();
    }

    private static String named(String name, @Nullable String value) {
        return value == null ? "" : name + " " + value;
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("partition", place.partition())
                .put("offset", place.offset())
                .put("time", time.toString())
                .put("key", key)
                .put("reason", reason)
                .put("message", message)
                .put("originTopic", origin.topic)
                .put("originPartition", number(origin.partition))
                .put("originOffset", number(origin.offset))
                .put("commandId", commandId)
                .put("commandType", commandType);
    }

    private static @Nullable Long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,18}") ? Long.valueOf(text) : null;
    }
}
