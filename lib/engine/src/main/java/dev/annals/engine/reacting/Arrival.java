package dev.annals.engine.reacting;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/**
 * What a record on its way to an instance is: an event, the result of a command, a timer that has run out, or the word
 * of an operator. The record is as its source has it, but for the key, which is the instance's id, and this in the
 * header {@link HeaderName#INPUT}: a word and what belongs to it, with spaces between.
 */
sealed interface Arrival {

    byte[] NO_KEY = {};

    /** An event of a type. */
    record OfEvent(String type, EventKey key) implements Arrival {}

    /**
     * A result of the command of this number, which went to a type.
     *
     * @param offset where the command stood that was answered: one that failed may be sent again
     */
    record OfAnswer(String type, long number, long offset) implements Arrival {}

    /** A timer that was due. */
    record OfTimer(Instant due, String timer) implements Arrival {}

    /** A parked instance is to try again. */
    record Retry() implements Arrival {}

    /** A parked instance is to pass over what it is parked with. */
    record Skip(String reason) implements Arrival {}

    /** An event is erased, and so is the entry of this number, whose input it was. */
    record Erased(long number, String type, EventKey key) implements Arrival {}

    /** A record of which nobody can say whose it is: a dead letter already, under its own key. */
    record NoInstance() implements Arrival {}

    /** @throws IllegalArgumentException if the header is missing or says nothing of the kind */
    static Arrival of(Headers headers) {
        String text = String.valueOf(HeaderName.INPUT.in(headers));
        String[] words = text.split(" ", 3);
        return switch (words[0]) {
            case "event" -> new OfEvent(words[1], EventKey.parse(words[2]));
            case "answer" -> {
                String[] numbers = words[2].split(" ", 2);
                yield new OfAnswer(words[1], Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
            }
            case "timer" -> new OfTimer(Instant.parse(words[1]), words[2]);
            case "retry" -> new Retry();
            case "skip" -> new Skip(text.substring("skip ".length()));
            case "erased" -> {
                String[] event = words[2].split(" ", 2);
                yield new Erased(Long.parseLong(words[1]), event[0], EventKey.parse(event[1]));
            }
            case "no-instance" -> new NoInstance();
            default ->
                throw new IllegalArgumentException("header %s: '%s' is no input".formatted(HeaderName.INPUT, text));
        };
    }

    private String text() {
        return switch (this) {
            case OfEvent(String type, EventKey key) -> "event %s %s".formatted(type, key);
            case OfAnswer(String type, long number, long offset) -> "answer %s %d %d".formatted(type, number, offset);
            case OfTimer(Instant due, String timer) -> "timer %s %s".formatted(due, timer);
            case Retry() -> "retry";
            case Skip(String reason) -> "skip " + reason;
            case Erased(long number, String type, EventKey key) -> "erased %d %s %s".formatted(number, type, key);
            case NoInstance() -> "no-instance";
        };
    }

    /** The record with this in its headers. */
    default Record<byte[], byte[]> mark(Record<byte[], byte[]> record) {
        Headers headers = new RecordHeaders(record.headers());
        headers.remove(HeaderName.INPUT.key());
        HeaderName.INPUT.put(headers, text());
        return record.withHeaders(headers);
    }

    /** A record that is of no instance. One without a key gets an empty one: a repartition topic takes no other. */
    static Record<byte[], byte[]> ofNoInstance(Record<byte[], byte[]> deadLetter) {
        Record<byte[], byte[]> marked = new NoInstance().mark(deadLetter);
        return marked.key() == null ? marked.withKey(NO_KEY) : marked;
    }

    /** What {@link #ofNoInstance} was given. */
    static Record<byte[], byte[]> deadLetter(Record<byte[], byte[]> marked) {
        Record<byte[], byte[]> unmarked = unmarked(marked);
        return unmarked.key().length == 0 ? unmarked.withKey(null) : unmarked;
    }

    /** The record without the header. */
    static Record<byte[], byte[]> unmarked(Record<byte[], byte[]> record) {
        Headers headers = new RecordHeaders(Objects.requireNonNull(record.headers()));
        headers.remove(HeaderName.INPUT.key());
        return record.withHeaders(headers);
    }
}
