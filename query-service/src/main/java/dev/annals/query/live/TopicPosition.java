package dev.annals.query.live;

import dev.annals.service.http.Requests;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader of a whole topic stands: the next offset of each partition. As text it is the id of a server-sent
 * event, which means nothing to clients: {@code 1}, the offsets, and a checksum of these and of the topic's name, in
 * base 36 with dots between. For one thread.
 */
final class TopicPosition {

    private static final String FORMAT = "1";
    private static final String SEPARATOR = ".";
    private static final int SHOWN = 80;

    private final String topic;
    private final long[] next;

    private TopicPosition(String topic, long[] next) {
        this.topic = topic;
        this.next = next;
    }

    static TopicPosition start(String topic, int partitions) {
        return new TopicPosition(topic, new long[partitions]);
    }

    /**
     * A position that was sent.
     *
     * @param parameter where it stands, for the problem
     * @throws dev.annals.service.http.ProblemException 400 if it is none of this topic with so many partitions
     */
    static TopicPosition parse(String parameter, String topic, int partitions, String text) {
        TopicPosition position = read(topic, text);
        if (position == null) {
            throw invalid(parameter, text);
        }
        if (position.partitions() != partitions) {
            throw Requests.invalid(
                    parameter,
                    "a position in %d partitions of %s".formatted(partitions, topic),
                    "one in " + position.partitions());
        }
        return position;
    }

    static boolean isOf(String topic, String text) {
        return read(topic, text) != null;
    }

    private static @Nullable TopicPosition read(String topic, String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length < 2 || !parts[0].equals(FORMAT)) {
            return null;
        }
        long[] next = new long[parts.length - 2];
        try {
            for (int i = 0; i < next.length; i++) {
                next[i] = Long.parseLong(parts[i + 1], Character.MAX_RADIX);
            }
        } catch (NumberFormatException e) {
            return null;
        }
        TopicPosition position = new TopicPosition(topic, next);
        return position.toString().equals(text) ? position : null; // else another checksum, or not written like this
    }

    private static RuntimeException invalid(String parameter, String text) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return Requests.invalid(parameter, "the id of an event that was sent here", "'" + shown + "'");
    }

    int partitions() {
        return next.length;
    }

    long next(int partition) {
        return next[partition];
    }

    void set(int partition, long offset) {
        next[partition] = offset;
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(SEPARATOR).add(FORMAT);
        for (long offset : next) {
            text.add(Long.toString(offset, Character.MAX_RADIX));
        }
        CRC32C checksum = new CRC32C();
        checksum.update(topic.getBytes(StandardCharsets.UTF_8));
        checksum.update(text.toString().getBytes(StandardCharsets.UTF_8));
        return text.add(Long.toString(checksum.getValue(), Character.MAX_RADIX)).toString();
    }
}
