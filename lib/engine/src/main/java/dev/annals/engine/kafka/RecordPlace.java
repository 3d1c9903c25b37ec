package dev.annals.engine.kafka;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Where a record stands; as text {@code topic-partition@offset}. */
public record RecordPlace(String topic, int partition, long offset) {

    private static final Pattern TEXT = Pattern.compile("(?<topic>.+)-(?<partition>\\d{1,9})@(?<offset>\\d{1,18})");

    public static RecordPlace of(RecordMetadata record) {
        return new RecordPlace(record.topic(), record.partition(), record.offset());
    }

    /** @throws IllegalArgumentException if the text is none of a place */
    public static RecordPlace parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'%s': expected TOPIC-PARTITION@OFFSET, for instance orders.events-2@17".formatted(text));
        }
        return new RecordPlace(
                parts.group("topic"),
                Integer.parseInt(parts.group("partition")),
                Long.parseLong(parts.group("offset")));
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset; // once for each command: not through a Formatter
    }
}
