package dev.annals.engine.deciding;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.UnknownRecordException;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.kafka.UtcTimes;
import dev.annals.serde.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Reads command records; whatever can't be read is a {@link CommandFailedException} that says what was expected. */
record CommandReader<C>(
        String topic, AggregateBinding<C, ?, ?> binding, Deserializer<Object> deserializer, ActorTrust trust) {

    static final int MAX_COMMAND_ID_LENGTH = 128;

    static final int MAX_PASSED_ON_LENGTH = 1_000;

    /** What a decoder puts where bytes are no UTF-8: two ids could become one. */
    private static final int REPLACEMENT = 0xFFFD;

    /** RFC 3339 has years of four digits; a time far beyond could be written into no result. */
    private static final Instant FIRST_TIME = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant END_OF_TIMES = Instant.parse("+10000-01-01T00:00:00Z");

    private static final int SHOWN_CHARACTERS = 200;

    /**
     * @throws CommandFailedException if it can't be read, whoever tries again
     * @throws RuntimeException as the deserializer throws it, if the registry is away
     */
    Command<C> read(Record<byte[], byte[]> record) {
        String aggregateId = aggregateId(record.key());
        byte[] value = record.value();
        if (value == null) {
            throw new CommandFailedException("no-value", "the command has no value; expected an Avro record");
        }
        IndexedRecord avro = deserialize(record.headers(), value);
        Schema writer = avro.getSchema();
        C payload = bind(avro);
        String id = commandId(record.headers());
        String principal = passedOn(HeaderName.AUTH_ID, record.headers());
        return new Command<>(
                aggregateId,
                id,
                id == null ? null : trust.nameOf(id, principal),
                writer.getFullName(),
                payload,
                id == null
                        ? PayloadFingerprint.NONE
                        : PayloadFingerprint.of(
                                binding.commandMeaning(writer), value, WireFormat.payloadOffset(record.headers())),
                expectedVersion(record.headers()),
                time(record),
                passedOn(HeaderName.CORRELATION_ID, record.headers()),
                restrictions(record.headers()));
    }

    static String aggregateId(byte @Nullable [] key) {
        if (key == null) {
            throw new CommandFailedException("no-key", "the command has no key; expected the aggregate id");
        }
        String id;
        try {
            id = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CommandFailedException("invalid-id", "the key is not UTF-8; expected the aggregate id", e);
        }
        if (!AggregateIds.isValid(id)) {
            throw new CommandFailedException(
                    "invalid-id", "aggregate id '%s': expected %s".formatted(shortened(id), AggregateIds.RULE));
        }
        return id;
    }

    /**
     * A header that events and results get too, so its length adds to theirs.
     *
     * @throws CommandFailedException if it is longer than {@link #MAX_PASSED_ON_LENGTH}
     */
    static @Nullable String passedOn(HeaderName name, Headers headers) {
        String value = name.in(headers);
        if (value != null && value.length() > MAX_PASSED_ON_LENGTH) {
            throw invalidHeader(name, value, "at most %d characters".formatted(MAX_PASSED_ON_LENGTH));
        }
        return value;
    }

    private IndexedRecord deserialize(Headers headers, byte[] value) {
        try {
            if (deserializer.deserialize(topic, headers, value) instanceof IndexedRecord avro) {
                return avro;
            }
            throw new CommandFailedException("unreadable", "the value is Avro, but not a record");
        } catch (SerializationException e) {
            if (RegistryFailures.mayPass(e)) {
                throw e;
            }
            throw new CommandFailedException("unreadable", RegistryFailures.describe(e), e);
        }
    }

    private C bind(IndexedRecord avro) {
        try {
            return binding.command(avro);
        } catch (UnknownRecordException e) {
            throw new CommandFailedException("unknown-command", e.getMessage(), e);
        } catch (BindingException e) {
            throw new CommandFailedException("unreadable", e.getMessage(), e);
        }
    }

    static @Nullable String commandId(Headers headers) {
        String id = HeaderName.ID.in(headers);
        if (id == null) {
            return null;
        }
        boolean printable = id.codePoints().noneMatch(c -> Character.isISOControl(c) || c == REPLACEMENT);
        if (id.isEmpty() || id.codePointCount(0, id.length()) > MAX_COMMAND_ID_LENGTH || !printable) {
            throw invalidHeader(HeaderName.ID, id, "1 to %d printable characters".formatted(MAX_COMMAND_ID_LENGTH));
        }
        return id;
    }

    private static @Nullable Long expectedVersion(Headers headers) {
        String text = HeaderName.EXPECTED_VERSION.in(headers);
        if (text == null) {
            return null;
        }
        try {
            long version = Long.parseLong(text);
            if (version >= 0) {
                return version;
            }
        } catch (NumberFormatException e) {
            // Reported below, as a negative number is.
        }
        throw invalidHeader(HeaderName.EXPECTED_VERSION, text, "a version in decimal, 0 or more");
    }

    private static List<Restriction> restrictions(Headers headers) {
        String text = HeaderName.ONLY_WHERE.in(headers);
        if (text == null) {
            return List.of();
        }
        try {
            return Restriction.read(text);
        } catch (IllegalArgumentException e) {
            throw invalidHeader(HeaderName.ONLY_WHERE, text, "field=value, percent-encoded, with & between several");
        }
    }

    private static Instant time(Record<byte[], byte[]> record) {
        String text = HeaderName.TIME.in(record.headers());
        if (text == null) {
            return Instant.ofEpochMilli(record.timestamp());
        }
        try {
            Instant time = UtcTimes.parse(text).truncatedTo(ChronoUnit.MICROS);
            if (!time.isBefore(FIRST_TIME) && time.isBefore(END_OF_TIMES)) {
                return time;
            }
        } catch (DateTimeException e) {
            // Reported below, as a year of more than four digits is.
        }
        throw invalidHeader(HeaderName.TIME, text, "an RFC 3339 time such as 2011-01-04T10:00:00Z");
    }

    private static CommandFailedException invalidHeader(HeaderName name, String actual, String expected) {
        return new CommandFailedException(
                "invalid-header",
                "header %s: expected %s, got '%s'".formatted(name.key(), expected, shortened(actual)));
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
    }
}
