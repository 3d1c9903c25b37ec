package dev.annals.engine.deciding;

import dev.annals.engine.kafka.HeaderName;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for the result of a command: a partition of the replies topic, as the sender names it in
 * {@link HeaderName#REPLY_TO}. A reply has it as its key, which is all that a partitioner sees of a record.
 */
final class ReplyAddress {

    private static final int MAX_DIGITS = 6;

    private ReplyAddress() {}

    /**
     * The key of the reply to a command; null where nobody waits, that is without a {@link HeaderName#REQUEST_ID}.
     *
     * <p>An address that is no number is ignored: it is no part of the command, which still has its result on the
     * results topic.
     */
    static byte @Nullable [] of(Headers command) {
        if (HeaderName.REQUEST_ID.in(command) == null) {
            return null;
        }
        String address = HeaderName.REPLY_TO.in(command);
        return address == null || !isNumber(address) ? null : address.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** A number beyond the topic's partitions must not stop the task: its reply goes where nobody waits for it. */
    static StreamPartitioner<byte[], byte[]> partitioner() {
        return (topic, key, value, count) ->
                Optional.of(Set.of(Integer.parseInt(new String(key, StandardCharsets.US_ASCII)) % count));
    }
}
