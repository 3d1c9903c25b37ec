package dev.annals.checker.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.api.AggregateType;
import dev.annals.checker.fuzz.RecordInput.Fate;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.SampleRecords;
import dev.annals.engine.json.InvalidJsonException;
import dev.annals.engine.json.JsonToAvro;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.service.ServiceConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Malformed records for the topics of commands, which are all that others may write to; each a pure function of the
 * seed, its number and the values that were made once for each command. Thread-safe.
 *
 * @param values commands as they are on the wire, by type: of every command, of the examples of its domain and of
 *     samples that use what each type of a field has
 * @param partitions of each topic
 */
record RecordInputs(long seed, List<Values> values, int partitions) {

    private static final long STREAM = 2;
    private static final int LARGE = 200_000;
    private static final int MANY_HEADERS = 3_000;
    private static final int MAGIC_AND_ID = 5;

    /** Kafka's producer counts more bytes of it than it writes, and nobody can read the record, nor what is behind. */
    private static final String HALF_A_PAIR = "x-\uD83D";

    /** Of so many with strange headers one: it takes the rest of its batch along. */
    private static final int MISCOUNTED = 20;

    private static final int MAX_KEY_LENGTH = 128;

    /** Of one type. */
    record Values(String type, String topic, List<byte[]> right) {

        Values {
            right = List.copyOf(right);
        }
    }

    /** Registers schemas where the registry does not have them yet. */
    static RecordInputs of(
            long seed, ServiceConfig config, List<AggregateType<?, ?, ?>> types, Catalog catalog, int partitions) {
        List<Values> values = new ArrayList<>();
        try (Serializer<Object> serializer = config.values().newSerializer()) {
            for (AggregateType<?, ?, ?> type : types) {
                String topic = config.topics().commands(type.name());
                List<byte[]> right = new ArrayList<>();
                for (Schema schema : AggregateBinding.of(type).commandSchemas()) {
                    right.add(serializer.serialize(topic, SampleRecords.of(schema)));
                    JsonNode example = catalog.commands()
                            .getOrDefault(type.name(), Map.of())
                            .get(schema.getName());
                    if (example instanceof ObjectNode fields) {
                        right.add(serializer.serialize(topic, read(schema, fields)));
                    }
                }
                values.add(new Values(type.name(), topic, right));
            }
        }
        return new RecordInputs(seed, values, partitions);
    }

    private static Object read(Schema schema, ObjectNode fields) {
        try {
            return JsonToAvro.of(schema).read(fields);
        } catch (InvalidJsonException e) {
            throw new IllegalStateException("the example of %s is wrong".formatted(schema.getFullName()), e);
        }
    }

    RecordInput make(long number) {
        Dice dice = Dice.of(seed, STREAM, number);
        Values type = dice.pick(values);
        byte[] key = HttpInputs.id(type.type(), dice).getBytes(UTF_8);
        byte[] value = dice.pick(type.right());
        RecordHeaders headers = new RecordHeaders();
        if (dice.percent(50)) {
            HeaderName.ID.put(headers, HttpInputs.key(dice));
        }
        return switch (dice.below(16)) {
            case 0 -> input(number, "no key", type, null, value, headers, Fate.BURIED, dice);
            case 1 -> key(number, type, value, headers, dice);
            case 2 -> input(number, "no value", type, key, null, headers, Fate.BURIED, dice);
            case 3 -> input(number, "magic", type, key, magic(value, dice), headers, Fate.BURIED, dice);
            case 4 -> input(number, "schema id", type, key, otherId(value, dice), headers, Fate.EITHER, dice);
            case 5 -> input(number, "JSON", type, key, Bodies.make(null, dice), headers, Fate.EITHER, dice);
            case 6 ->
                input(
                        number,
                        "cut Avro",
                        type,
                        key,
                        Hostile.head(value, dice.below(value.length)),
                        headers,
                        Fate.EITHER,
                        dice);
            case 7 -> input(number, "random", type, key, dice.bytes(dice.between(0, 300)), headers, Fate.EITHER, dice);
            case 8, 9, 10 -> {
                byte[] avro = Hostile.mutated(Hostile.tail(value, MAGIC_AND_ID), dice);
                yield input(
                        number,
                        "mutated Avro",
                        type,
                        key,
                        Hostile.joined(Hostile.head(value, MAGIC_AND_ID), avro),
                        headers,
                        Fate.EITHER,
                        dice);
            }
            case 11 -> {
                Values other = dice.pick(values);
                yield input(
                        number,
                        "other type's",
                        type,
                        key,
                        dice.pick(other.right()),
                        headers,
                        other.equals(type) ? Fate.EITHER : Fate.BURIED,
                        dice);
            }
            case 12 -> contractHeader(number, type, key, value, headers, dice);
            case 13 -> {
                manyHeaders(headers, dice);
                yield input(number, "many headers", type, key, value, headers, Fate.EITHER, dice);
            }
            case 14 -> {
                if (dice.oneIn(MISCOUNTED)) {
                    headers.add(HALF_A_PAIR, dice.bytes(dice.below(8)));
                    yield input(number, "miscounted", type, key, value, headers, Fate.BURIED, dice);
                }
                strangeHeaders(headers, dice);
                yield input(number, "strange headers", type, key, value, headers, Fate.EITHER, dice);
            }
            default -> input(number, "large value", type, key, large(value, dice), headers, Fate.EITHER, dice);
        };
    }

    private RecordInput key(long number, Values type, byte[] value, Headers headers, Dice dice) {
        byte[] key = dice.oneIn(3)
                ? dice.bytes(dice.between(0, 20))
                : Hostile.text(dice).getBytes(UTF_8);
        String id = new String(key, UTF_8);
        Fate fate = id.indexOf('\uFFFD') >= 0 || !AggregateIds.isValid(id) ? Fate.BURIED : Fate.EITHER;
        return input(number, "key", type, key, value, headers, fate, dice);
    }

    private static byte[] magic(byte[] value, Dice dice) {
        byte[] wrong = value.clone();
        wrong[0] = (byte) dice.between(2, 255); // 1 is another format of schema ids
        return wrong;
    }

    private static byte[] otherId(byte[] value, Dice dice) {
        int id = dice.oneIn(2)
                ? dice.between(-2, 200)
                : dice.pick(List.of(Integer.MAX_VALUE, Integer.MIN_VALUE, 0, 999_999));
        byte[] other = value.clone();
        ByteBuffer.wrap(other).putInt(1, id);
        return other;
    }

    private static byte[] large(byte[] value, Dice dice) {
        return dice.oneIn(10)
                ? Hostile.joined(Hostile.head(value, MAGIC_AND_ID), new byte[dice.between(1_000, LARGE)])
                : Hostile.joined(value, dice.bytes(dice.between(1, 2_000)));
    }

    private RecordInput contractHeader(
            long number, Values type, byte[] key, byte[] value, RecordHeaders headers, Dice dice) {
        HeaderName name = dice.pick(List.of(HeaderName.values()));
        byte[] text = dice.oneIn(5)
                ? dice.bytes(dice.between(0, 40))
                : Hostile.text(dice).getBytes(UTF_8);
        headers.add(name.key(), dice.oneIn(10) ? null : text);
        return input(number, "header " + name.key(), type, key, value, headers, fate(headers), dice);
    }

    /** Where the contract says what a header must not be. */
    private static Fate fate(Headers headers) {
        String id = HeaderName.ID.in(headers);
        boolean badId = id != null
                && (id.isEmpty()
                        || id.codePointCount(0, id.length()) > MAX_KEY_LENGTH
                        || id.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0xFFFD));
        String expected = HeaderName.EXPECTED_VERSION.in(headers);
        boolean badVersion = expected != null && !expected.matches("[-+]?\\p{Nd}+");
        return badId || badVersion ? Fate.BURIED : Fate.EITHER;
    }

    private static void manyHeaders(RecordHeaders headers, Dice dice) {
        int count = dice.oneIn(10) ? MANY_HEADERS : dice.between(1, 100);
        for (int i = 0; i < count; i++) {
            headers.add("h" + i, dice.bytes(dice.below(8)));
        }
    }

    private static void strangeHeaders(RecordHeaders headers, Dice dice) {
        for (int i = dice.between(1, 8); i > 0; i--) {
            String name = switch (dice.below(4)) {
                case 0 -> "";
                case 1 -> Hostile.text(dice);
                case 2 -> dice.pick(List.of(HeaderName.values())).key();
                default -> "ce_" + dice.below(10);
            };
            headers.add(
                    name,
                    switch (dice.below(5)) {
                        case 0 -> null;
                        case 1 -> new byte[0];
                        case 2 -> dice.bytes(dice.between(1, 3_000));
                        default -> Hostile.text(dice).getBytes(UTF_8);
                    });
        }
    }

    private RecordInput input(
            long number,
            String kind,
            Values type,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers,
            Fate fate,
            Dice dice) {
        boolean elsewhere = key != null && dice.oneIn(30); // is written again in the partition of its key
        Integer partition = key == null || elsewhere ? dice.below(partitions) : null;
        Long timestamp = dice.oneIn(20) ? dice.pick(List.of(0L, 1L, 253_402_300_799_999L, Long.MAX_VALUE)) : null;
        return new RecordInput(
                number,
                kind,
                new ProducerRecord<>(type.topic(), partition, timestamp, key, value, headers),
                elsewhere ? Fate.EITHER : fate);
    }
}
